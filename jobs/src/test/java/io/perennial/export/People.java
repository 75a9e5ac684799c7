package io.perennial.export;

import java.util.HashMap;
import java.util.Map;

/** A person with what the test says, and nothing else. */
final class People {

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

  private People(String id) {
    this.id = id;
  }

  static People named(String id) {
    return new People(id);
  }

  /** Somebody of whom everything is known. */
  static People mary() {
    return named("c-17")
        .withEmail("Mary.O'Brien+shop@gmail.com")
        .withPhone("+442079460018")
        .withName("Mrs. Mary", "O'Brien Jr.")
        .withAddress("Menlo Park", "California", "94035-1234", "United States")
        .withBirthDate("1985-02-28");
  }

  People withEmail(String value) {
    email = value;
    return this;
  }

  People withPhone(String e164) {
    phone = e164;
    return this;
  }

  People withName(String first, String last) {
    firstName = first;
    lastName = last;
    return this;
  }

  People withAddress(String newCity, String newState, String newZip, String newCountry) {
    city = newCity;
    state = newState;
    zip = newZip;
    country = newCountry;
    return this;
  }

  People withBirthDate(String value) {
    birthDate = value;
    return this;
  }

  People withConsent(Boolean value) {
    consent = value;
    return this;
  }

  People withProfile(String column, String value) {
    profile.put(column, value);
    return this;
  }

  Person get() {
    return new Person(
        id, email, phone, firstName, lastName, city, state, zip, country, birthDate, consent,
        profile);
  }
}
