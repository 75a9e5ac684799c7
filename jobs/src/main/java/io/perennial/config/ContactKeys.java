package io.perennial.config;

/** The keys below {@code contacts}. */
public final class ContactKeys {

  /** All keys of the group, for a step that depends on all. */
  public static final String GROUP = "contacts";

  public static final Key<Boolean> KEEP = new Key<>("contacts.keep", Allowed.flag());

  private ContactKeys() {}

  static ContactSettings load(ConfigReader reader) {
    return new ContactSettings(reader.value(KEEP));
  }
}
