package io.perennial.export;

import java.util.HashMap;
import java.util.Map;

/** Builds a person; everything a test does not set is unknown. */
final class PersonBuilder {

  private final String id;
  private String email;
  private String phone = "";
  private String firstName;
  private String lastName;
  private String city;
  private String state;
  private String zip;
  private String country;
  private String birthDate;
  private Boolean consent;
  private final Map<String, String> profile = new HashMap<>();

  private PersonBuilder(String id) {
    this.id = id;
  }

  static PersonBuilder named(String id) {
    return new PersonBuilder(id);
  }

  /** A person with every value set. */
  static PersonBuilder mary() {
    return named("c-17")
        .withEmail("Mary.O'Brien+shop@gmail.com")
        .withPhone("+442079460018")
        .withName("Mrs. Mary", "O'Brien Jr.")
        .withAddress("Menlo Park", "California", "94035-1234", "United States")
        .withBirthDate("1985-02-28");
  }

  PersonBuilder withEmail(String value) {
    email = value;
    return this;
  }

  PersonBuilder withPhone(String e164) {
    phone = e164;
    return this;
  }

  PersonBuilder withName(String first, String last) {
    firstName = first;
    lastName = last;
    return this;
  }

  PersonBuilder withAddress(String newCity, String newState, String newZip, String newCountry) {
    city = newCity;
    state = newState;
    zip = newZip;
    country = newCountry;
    return this;
  }

  PersonBuilder withBirthDate(String value) {
    birthDate = value;
    return this;
  }

  PersonBuilder withConsent(Boolean value) {
    consent = value;
    return this;
  }

  PersonBuilder withProfile(String column, String value) {
    profile.put(column, value);
    return this;
  }

  Person build() {
    return new Person(
        id, email, phone, firstName, lastName, city, state, zip, country, birthDate, consent,
        profile);
  }
}
