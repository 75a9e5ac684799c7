package io.perennial.config;

/** Reads the keys below {@code contacts}. */
final class ContactLoader {

  private ContactLoader() {}

  static ContactSettings load(ConfigReader reader) {
    return new ContactSettings(
        reader.required("contacts.keep", "true or false", ContactLoader::truth, true));
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
