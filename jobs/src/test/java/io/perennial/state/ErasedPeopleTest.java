package io.perennial.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Erased people are recognized by salted hashes only. */
class ErasedPeopleTest {

  private static final PersonHash HASH = new PersonHash("0b".repeat(32));

  private static final ErasedPeople PEOPLE = people("anna", "42");

  /** The expected value is from Python's hmac because RFC 4231 has no key of 32 bytes. */
  @Test
  void hashesAreHmacSha256() {
    assertThat(HASH.ofCustomer("anna"))
        .isEqualTo(EXPECTED)
        .isNotEqualTo(new PersonHash("0c".repeat(32)).ofCustomer("anna"));
  }

  private static final String EXPECTED =
      "18dd474199f874535038d582ff24777070ad544b97e9fd7dd9030fc9c879c44e";

  @Test
  void recognizesOnlyErasedIds() {
    assertThat(PEOPLE.isCustomer("anna")).isTrue();
    assertThat(PEOPLE.isCustomer("42")).isTrue();
    assertThat(PEOPLE.isCustomer("Anna")).isFalse();
    assertThat(PEOPLE.isCustomer((String) null)).isFalse();
    assertThat(IntStream.range(0, 100_000).filter(i -> PEOPLE.isCustomer("c" + i))).isEmpty();
    assertThat(ErasedPeople.none().isCustomer("anna")).isFalse();
  }

  @Test
  void bucketsExcludeAlmostAllOtherIds() {
    BitSet buckets = new BitSet();
    IntStream.range(0, 100).forEach(i -> buckets.set(HASH.bucket("E" + i)));
    long hashed =
        IntStream.range(0, 100_000).filter(i -> buckets.get(HASH.bucket("C0000" + i))).count();
    assertThat(hashed)
        .isBetween(50L, 400L); // The expected number is 153 for 100 of 65,536 buckets.
  }

  @Test
  void recognizesAnAddressInAnySpelling() {
    assertThat(PEOPLE.isAddress(" Anna@Example.COM ")).isTrue();
    assertThat(PEOPLE.isAddress("anna@example.org")).isFalse();
    assertThat(PEOPLE.isAddress("(512) 555-0142")).isTrue();
    assertThat(PEOPLE.isAddress("0512.555.0142")).isTrue();
    assertThat(PEOPLE.isAddress("512-555-0143")).isFalse();
    assertThat(PEOPLE.isAddress("---")).isFalse();
  }

  @Test
  void findsIdsInUnparsedText() {
    assertThat(PEOPLE.isMentionedIn("x;\"anna\",2024")).isTrue();
    assertThat(PEOPLE.isMentionedIn("{\"customer\":42")).isTrue();
    assertThat(PEOPLE.isMentionedIn("annabel,421")).isFalse();
  }

  private static ErasedPeople people(String... ids) {
    BitSet buckets = new BitSet();
    Set<String> hashes = new HashSet<>();
    for (String id : ids) {
      buckets.set(HASH.bucket(id));
      hashes.add(HASH.ofCustomer(id));
    }
    return new ErasedPeople(
        HASH,
        hashes,
        buckets,
        Set.of(HASH.ofOrder("o1")),
        Set.of(HASH.ofAddress("anna@example.com"), HASH.ofAddress("512 555 0142")));
  }
}
