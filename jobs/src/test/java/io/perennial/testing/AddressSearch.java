package io.perennial.testing;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for known e-mail addresses and telephone numbers in any text. */
public final class AddressSearch {

  /** E-mail addresses, and telephone numbers as people write them. */
  private static final Pattern WORD =
      Pattern.compile(
          "[^\\s\"'<>,;:|=@\\[\\](){}\\\\]+@[^\\s\"'<>,;:|=@\\[\\](){}\\\\]+"
              + "|[+(]?\\d[-\\d ()./]{5,}\\d");

  private final Set<String> sought;
  private final Set<String> found = new ConcurrentSkipListSet<>();

  public AddressSearch(Set<String> sought) {
    this.sought = sought;
  }

  /** Everything in a text that looks like an address or a number. */
  public static Set<String> in(String text) {
    Set<String> words = new TreeSet<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group().strip());
    }
    return words;
  }

  /** Notes which of the sought a text has. */
  public AddressSearch read(String text) {
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      String word = matcher.group().strip();
      if (sought.contains(word)) {
        found.add(word);
      }
    }
    return this;
  }

  /** Those of the sought that were in what was read. */
  public Set<String> found() {
    return Set.copyOf(found);
  }
}
