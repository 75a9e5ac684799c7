package io.perennial.export;

import java.util.List;
import java.util.Map;

/**
 * A member of an audience with what is known to address them; {@code null} where nothing is.
 *
 * @param customerId the shop's own key
 * @param email as in contacts
 * @param phone E.164, empty without a usable one
 * @param emailConsent null: never asked
 * @param profile columns of customer_profile as text, null where a column is
 */
record Person(
    String customerId,
    String email,
    String phone,
    String firstName,
    String lastName,
    String city,
    String state,
    String zip,
    String country,
    String birthDate,
    Boolean emailConsent,
    Map<String, String> profile) {

  List<String> profileCells(List<String> columns) {
    return columns.stream().map(column -> orEmpty(profile.get(column))).toList();
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }
}
