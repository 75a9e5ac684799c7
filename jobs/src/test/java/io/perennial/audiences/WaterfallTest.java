package io.perennial.audiences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.audiences.Waterfall.Count;
import io.perennial.audiences.Waterfall.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaterfallTest {

  @Test
  void eachStepStartsWithTheCustomersTheStepBeforeLeft() {
    List<Count> counts = Waterfall.of(100, List.of(60L, 5L, 10L, 1L, 4L, 8L, 2L));

    assertThat(counts)
        .containsExactly(
            new Count(Step.NOT_IN_SEGMENT, 100, 60),
            new Count(Step.NO_IDENTIFIER, 40, 5),
            new Count(Step.NO_CONSENT, 35, 10),
            new Count(Step.SUPPRESSED, 25, 1),
            new Count(Step.COOL_OFF, 24, 4),
            new Count(Step.CAP, 20, 8),
            new Count(Step.CONTROL_GROUP, 12, 2));
  }

  @Test
  void noMoreCustomersCanLeaveThanArePresent() {
    assertThatThrownBy(() -> Waterfall.of(10, List.of(9L, 2L, 0L, 0L, 0L, 0L, 0L)))
        .hasMessage("Cannot count step 'no usable identifier': 2 of 1 customers left");
  }

  @Test
  void theStepsAreThoseOfTheDefinitionsInTheirOrder() {
    assertThat(List.of(Step.values()).stream().map(Step::label))
        .containsExactly(
            "not in segment",
            "no usable identifier",
            "no consent",
            "suppressed",
            "cool-off",
            "cap",
            "control group");
  }
}
