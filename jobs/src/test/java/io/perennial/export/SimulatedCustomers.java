package io.perennial.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Customers with contacts that change at random between two exports. */
final class SimulatedCustomers {

  private static final List<String> DOMAINS = List.of("gmail.com", "googlemail.com", "example.org");
  private static final List<String> NAMES =
      List.of("Mary", "Jürgen", "=cmd", "O'Brien", "Ann, Lee", "正", "Dr. \"X\"");

  private final Random random;
  private final List<Customer> customers = new ArrayList<>();

  private static final class Customer {
    private final String id;
    private String email;
    private String phone;
    private String name;
    private String segment;
    private boolean isOnTheList;
    private boolean isErased;

    Customer(String id) {
      this.id = id;
    }
  }

  SimulatedCustomers(Random random, int count) {
    this.random = random;
    for (int i = 0; i < count; i++) {
      Customer customer = new Customer("c" + i);
      customer.email = email();
      customer.phone = phone();
      customer.name = any(NAMES);
      customer.segment = "s" + random.nextInt(3);
      customer.isOnTheList = random.nextInt(3) > 0;
      customers.add(customer);
    }
  }

  /** Changes some of the customers, each in one way. */
  void advance() {
    for (Customer customer : customers) {
      switch (random.nextInt(12)) {
        case 0 -> customer.isOnTheList = !customer.isOnTheList;
        case 1 -> customer.email = email();
        case 2 -> customer.phone = phone();
        case 3 -> customer.name = any(NAMES);
        case 4 -> customer.segment = "s" + random.nextInt(3);
        case 5 -> {
          // Withdrawn consent, and for some an erasure, which is final.
          customer.isOnTheList = false;
          customer.isErased |= random.nextInt(3) == 0;
        }
        default -> {}
      }
    }
  }

  List<Person> onTheList() {
    return customers.stream()
        .filter(customer -> customer.isOnTheList && !customer.isErased)
        .map(
            customer ->
                PersonBuilder.named(customer.id)
                    .withEmail(customer.email)
                    .withPhone(customer.phone)
                    .withName(customer.name, customer.name)
                    .withAddress("Town", null, "12345", "DE")
                    .withProfile("segment", customer.segment)
                    .withProfile("net", customer.segment.substring(1))
                    .build())
        .toList();
  }

  /** One of few addresses, so that customers share them; some with dots that Gmail ignores. */
  private String email() {
    if (random.nextInt(8) == 0) {
      return random.nextBoolean() ? null : "none";
    }
    String mailbox = "p" + (random.nextInt(5) == 0 ? "." : "") + random.nextInt(60);
    return mailbox + (random.nextInt(6) == 0 ? "+x" : "") + "@" + any(DOMAINS);
  }

  private String phone() {
    return random.nextInt(2) == 0 ? "" : "+4930" + (100_000 + random.nextInt(60));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
