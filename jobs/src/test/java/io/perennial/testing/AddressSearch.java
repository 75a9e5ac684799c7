package io.perennial.testing;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/** Searches text for known e-mail addresses and telephone numbers. */
public final class AddressSearch {

  /** E-mail addresses, and telephone numbers in common spellings. */
  private static final Pattern CANDIDATE =
      Pattern.compile(
          "[^\\s\"'<>,;:|=@\\[\\](){}\\\\]+@[^\\s\"'<>,;:|=@\\[\\](){}\\\\]+"
              + "|[+(]?\\d[-\\d ()./]{5,}\\d");

  private final Set<String> addresses;
  private final Set<String> found = new ConcurrentSkipListSet<>();

  public AddressSearch(Set<String> addresses) {
    this.addresses = addresses;
  }

  /** Records which of the known addresses a text contains. */
  public AddressSearch read(String text) {
    CANDIDATE
        .matcher(text)
        .results()
        .map(candidate -> candidate.group().strip())
        .filter(addresses::contains)
        .forEach(found::add);
    return this;
  }

  /** The known addresses in all texts read so far. */
  public Set<String> found() {
    return Set.copyOf(found);
  }
}
