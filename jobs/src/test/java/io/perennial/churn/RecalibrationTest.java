package io.perennial.churn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.perennial.churn.CalibrationLine.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Logistic recalibration of probabilities. */
class RecalibrationTest {

  /** Rates of 20 % and 60 % at predicted log-odds of -1 and 1. */
  @Test
  void fitsTwoPointsExactly() {
    Recalibration line = Recalibration.fit(List.of(new Group(-1, 10, 2), new Group(1, 20, 12)));
    assertThat(line.applyToLogOdds(-1)).isCloseTo(Math.log(0.2 / 0.8), within(1e-6));
    assertThat(line.applyToLogOdds(1)).isCloseTo(Math.log(0.6 / 0.4), within(1e-6));
  }

  @Test
  void isTheIdentityWithoutAnEstimate() {
    assertThat(Recalibration.fit(List.of())).isEqualTo(Recalibration.IDENTITY);
    assertThat(Recalibration.fit(List.of(new Group(-1, 10, 0), new Group(1, 20, 0))))
        .isEqualTo(Recalibration.IDENTITY);
    assertThat(Recalibration.fit(List.of(new Group(-1, 10, 10), new Group(1, 20, 20))))
        .isEqualTo(Recalibration.IDENTITY);
    assertThat(Recalibration.fit(List.of(new Group(1, 20, 12)))).isEqualTo(Recalibration.IDENTITY);
    // Separated outcomes have no maximum likelihood line, even with a mixed group on the border.
    assertThat(Recalibration.fit(List.of(new Group(-1, 10, 0), new Group(1, 20, 20))))
        .isEqualTo(Recalibration.IDENTITY);
    assertThat(Recalibration.fit(List.of(new Group(-1, 10, 0), new Group(1, 20, 12))))
        .isEqualTo(Recalibration.IDENTITY);
    assertThat(CalibrationLine.fit(List.of(new Group(-1, 10, 10), new Group(1, 20, 12)))).isEmpty();
    // A negative slope would reverse the ranking.
    assertThat(Recalibration.fit(List.of(new Group(-1, 10, 6), new Group(1, 20, 4))))
        .isEqualTo(Recalibration.IDENTITY);
  }

  @Test
  void fitsSteepLinesOfNearlyEqualScores() {
    Recalibration line =
        Recalibration.fit(List.of(new Group(2, 1_000, 200), new Group(2.001, 1_000, 700)));
    assertThat(line.applyToLogOdds(2)).isCloseTo(Math.log(0.25), within(1e-5));
    assertThat(line.applyToLogOdds(2.001)).isCloseTo(Math.log(7 / 3.0), within(1e-5));
  }

  @Test
  void identityLeavesLogOddsAlone() {
    for (double logOdds : new double[] {-20, -1.4, 0, 7}) {
      assertThat(Recalibration.IDENTITY.applyToLogOdds(logOdds)).isEqualTo(logOdds);
    }
  }

  @Test
  void aSlopeThatReversesTheRankingIsRefused() {
    assertThatThrownBy(() -> new Recalibration(0, -1))
        .hasMessage(
            "Cannot recalibrate with intercept 0.0 and slope -1.0: the slope must be positive");
  }
}
