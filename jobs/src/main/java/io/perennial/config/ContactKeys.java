package io.perennial.config;

/** The keys below {@code contacts}. */
public final class ContactKeys {

  public static final String GROUP = "contacts";

  public static final Key<Boolean> KEEP = new Key<>("contacts.keep", Allowed.flag());

  private ContactKeys() {}

  static Settings.Contacts load(ConfigReader reader) {
    return new Settings.Contacts(reader.value(KEEP));
  }
}
