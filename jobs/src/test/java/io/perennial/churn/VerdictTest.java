package io.perennial.churn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** The requirements on the newest test window before a model may score. */
class VerdictTest {

  private static final StructType FIGURES =
      new StructType().add("log_loss", DataTypes.DoubleType).add("ece", DataTypes.DoubleType);

  @Test
  void aModelAsGoodAsRecencyAloneAndWithinTheLimitPasses() {
    Verdict verdict = verdict(0.30, 0.05, 0.30);
    assertThat(verdict.isPassed()).isTrue();
    assertThat(verdict.label()).isEqualTo("published");
    assertThat(verdict.reason())
        .isEqualTo(
            "test window from 2024-01-01: log loss 0.3000, recency only 0.3000; calibration error"
                + " 0.0500, limit 0.05");
  }

  @Test
  void aModelWorseThanRecencyAloneIsRefused() {
    Verdict verdict = verdict(0.3001, 0.01, 0.30);
    assertThat(verdict.isPassed()).isFalse();
    assertThat(verdict.label()).isEqualTo("refused");
    assertThat(verdict.reason())
        .startsWith("worse than recency alone; test window from 2024-01-01");
  }

  @Test
  void aMiscalibratedModelIsRefused() {
    Verdict verdict = verdict(0.25, 0.0501, 0.30);
    assertThat(verdict.isPassed()).isFalse();
    assertThat(verdict.reason())
        .startsWith("calibration error above churn.max-calibration-error; test window");
  }

  @Test
  void figuresThatAreNotANumberAreRefused() {
    assertThat(verdict(Double.NaN, 0.01, 0.30).isPassed()).isFalse();
    assertThat(verdict(0.2, Double.NaN, 0.30).isPassed()).isFalse();
  }

  private static Verdict verdict(double logLoss, double error, double recencyOnly) {
    return Verdict.of(
        LocalDate.of(2024, 1, 1),
        Map.of("logistic", row(logLoss, error), "recency_only", row(recencyOnly, 0.2)),
        0.05);
  }

  private static Row row(double logLoss, double error) {
    return new GenericRowWithSchema(new Object[] {logLoss, error}, FIGURES);
  }

  @Test
  void recalibrationIsAppliedOnlyIfItHelpsInBothValidationFolds() {
    List<CalibrationLine.Group> tooLow = fold(0.5);
    List<CalibrationLine.Group> tooHigh = fold(-0.5);
    assertThat(Recalibration.choose(List.of(tooLow, tooLow)))
        .as("two folds give one validation fold")
        .isEqualTo(Recalibration.IDENTITY);
    assertThat(Recalibration.choose(List.of(tooLow, tooLow, tooHigh)))
        .isEqualTo(Recalibration.IDENTITY);
    assertThat(Recalibration.choose(List.of(tooHigh, tooLow, tooLow)))
        .isEqualTo(Recalibration.IDENTITY);
    assertThat(Recalibration.choose(List.of(tooLow, tooLow, tooLow)).intercept())
        .isBetween(0.4, 0.6);
  }

  /** Predicted log-odds from -2 to 2; the observed log-odds are {@code shift} higher. */
  private static List<CalibrationLine.Group> fold(double shift) {
    return java.util.stream.IntStream.rangeClosed(-4, 4)
        .mapToObj(
            i -> {
              double logOdds = i / 2.0;
              double rate = 1 / (1 + Math.exp(-(logOdds + shift)));
              return new CalibrationLine.Group(logOdds, 10_000, Math.round(10_000 * rate));
            })
        .toList();
  }
}
