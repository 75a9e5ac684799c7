package io.perennial.config;

/** The keys below {@code contacts}. */
public final class ContactKeys {

  public static final String GROUP = "contacts";

  public static final Key<Boolean> KEEP =
      new Key<>(
          "contacts.keep",
          "true",
          Allowed.flag(),
          "Whether the table contacts holds addresses (e-mail, phone, names, place, birth date)."
              + " Without them no table holds any; consents and exports by customer_id stay. A"
              + " change reads the whole lake again.");

  private ContactKeys() {}

  static Settings.Contacts load(ConfigReader reader) {
    return new Settings.Contacts(reader.value(KEEP));
  }
}
