package io.perennial.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Customers to whom something happens between two exports. */
final class Shoppers {

  private static final List<String> DOMAINS = List.of("gmail.com", "googlemail.com", "example.org");
  private static final List<String> NAMES =
      List.of("Mary", "Jürgen", "=cmd", "O'Brien", "Ann, Lee", "正", "Dr. \"X\"");

  private final Random random;
  private final List<Shopper> shoppers = new ArrayList<>();

  /** One of them. */
  private static final class Shopper {
    private final String id;
    private String email;
    private String phone;
    private String name;
    private String segment;
    private boolean isOnTheList;
    private boolean isErased;

    Shopper(String id) {
      this.id = id;
    }
  }

  Shoppers(Random random, int count) {
    this.random = random;
    for (int i = 0; i < count; i++) {
      Shopper shopper = new Shopper("c" + i);
      shopper.email = email();
      shopper.phone = phone();
      shopper.name = any(NAMES);
      shopper.segment = "s" + random.nextInt(3);
      shopper.isOnTheList = random.nextInt(3) > 0;
      shoppers.add(shopper);
    }
  }

  /** Time passes: each kind of thing happens to some. */
  void live() {
    for (Shopper shopper : shoppers) {
      switch (random.nextInt(12)) {
        case 0 -> shopper.isOnTheList = !shopper.isOnTheList;
        case 1 -> shopper.email = email();
        case 2 -> shopper.phone = phone();
        case 3 -> shopper.name = any(NAMES);
        case 4 -> shopper.segment = "s" + random.nextInt(3);
        case 5 -> {
          // Withdrawn consent takes them off; erasure takes the address, too, for good.
          shopper.isOnTheList = false;
          shopper.isErased |= random.nextInt(3) == 0;
        }
        default -> {}
      }
    }
  }

  List<Person> onTheList() {
    return shoppers.stream()
        .filter(shopper -> shopper.isOnTheList && !shopper.isErased)
        .map(
            shopper ->
                People.named(shopper.id)
                    .withEmail(shopper.email)
                    .withPhone(shopper.phone)
                    .withName(shopper.name, shopper.name)
                    .withAddress("Town", null, "12345", "DE")
                    .withProfile("segment", shopper.segment)
                    .withProfile("net", shopper.segment.substring(1))
                    .get())
        .toList();
  }

  /** Of few addresses, so that people share them; dots that Google does not see. */
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
