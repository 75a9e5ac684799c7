package io.perennial.export;

import java.util.List;
import java.util.Map;

/**
 * A member of an audience with its contact data; {@code null} where a value is unknown.
 *
 * @param customerId the shop's own key
 * @param email as in contacts
 * @param phone E.164, empty without a usable number
 * @param emailConsent null where the consent is unknown
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
    return columns.stream().map(profile::get).map(cell -> cell == null ? "" : cell).toList();
  }
}
