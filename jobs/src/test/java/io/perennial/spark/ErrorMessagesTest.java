package io.perennial.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Messages mask the addresses that a parser quotes from the lake. */
class ErrorMessagesTest {

  private static final RuntimeException FAILURE =
      new RuntimeException(
          "Job aborted",
          new IllegalArgumentException("Length of parsed input: 1,\"eva.m+x@mail.example\",Eva"));

  @Test
  void messagesAreMasked() {
    assertThat(ErrorMessages.message(FAILURE))
        .isEqualTo(
            "Cannot finish: RuntimeException: Job aborted (IllegalArgumentException: Length of"
                + " parsed input: 1,\"***\",Eva)");
  }

  @Test
  void stackTracesAreMaskedAndKeepTheirFrames() {
    assertThat(ErrorMessages.stackTrace(FAILURE))
        .contains("at io.perennial.spark.ErrorMessagesTest", "\"***\"")
        .doesNotContain("eva.m");
  }
}
