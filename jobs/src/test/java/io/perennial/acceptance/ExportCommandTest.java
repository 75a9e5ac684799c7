package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.audiences.AudienceSteps;
import io.perennial.cli.ExitCode;
import io.perennial.export.AudienceExportsTable;
import io.perennial.export.ExportSteps;
import io.perennial.pipeline.Steps;
import io.perennial.spark.Sessions;
import io.perennial.step.QualityGateException;
import io.perennial.step.Step;
import io.perennial.step.StepResult;
import io.perennial.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports within runs: when files appear, and when not. */
class ExportCommandTest {

  private static final String HEADER = "order_id,customer_id,ordered_at,quantity,unit_price\n";
  private static final LocalDate MARCH = LocalDate.of(2024, 3, 1);

  private static final List<Step> STEPS =
      Shop.steps(Steps.LAKE_STEPS, AudienceSteps.AUDIENCE_STEPS, ExportSteps.EXPORT_STEPS);

  private static final Step REFUSING =
      Step.named(
          "refusing",
          List.of(),
          List.of(),
          List.of(),
          context -> {
            throw new QualityGateException("the figures do not reconcile", List.of());
          });

  @TempDir private Path folder;

  @Test
  void filesAppearOnPublicationOnly() throws IOException {
    Sessions.fit(SharedSpark.session(), 0);
    Path files = folder.resolve("files");
    Shop shop =
        Shop.in(folder)
            .mapping("none", HEADER)
            .set("export.path", files.toString())
            .set("export.generic.columns", "orders");
    shop.write(
        "a.csv", HEADER + "1,anna,2024-02-01 10:00:00,1,20.00\n2,ben,2024-02-02 10:00:00,1,9.00\n");
    shop.withAudienceOfAll("");

    shop.withSteps(Shop.steps(STEPS, List.of(REFUSING)));
    assertThatThrownBy(() -> shop.runAsOf(MARCH)).isInstanceOf(QualityGateException.class);
    assertThat(files.resolve("all/generic/2024-03-01-0001")).doesNotExist();

    shop.withSteps(STEPS).runAsOf(MARCH);
    assertThat(Files.readString(files.resolve("all/generic/2024-03-01-0001/full.csv")))
        .startsWith("customer_id,orders\r\n")
        .contains("anna,1\r\n", "ben,1\r\n");
    assertThat(shop.messages())
        .anyMatch(line -> line.contains("generic") && line.contains("1 lists"));

    shop.runAsOf(MARCH);
    assertThat(shop.messages())
        .anyMatch(line -> line.contains("audience_exports") && line.endsWith("up to date"));

    // A run as of a past date does not change the exported lists.
    shop.runAsOf(MARCH.minusDays(5));
    assertThat(shop.messages()).anyMatch(line -> line.contains("would be turned back"));

    // A file in place of the directory is reported; the next run without it succeeds.
    shop.write("b.csv", HEADER + "3,carl,2024-03-01 10:00:00,1,5.00\n");
    Path lists = files.resolve("all/generic");
    Path elsewhere = files.resolve("elsewhere");
    Files.move(lists, elsewhere);
    Files.writeString(lists, "in the way");
    LocalDate next = MARCH.plusDays(1);
    shop.runAsOf(next);
    assertThat(shop.messages())
        .anyMatch(line -> line.contains("Cannot write the files of all for generic"));
    assertThat(shop.rows(AudienceExportsTable.TABLE)).hasSize(1);
    Files.delete(lists);
    Files.move(elsewhere, lists);
    shop.runAsOf(next);
    assertThat(Files.readString(lists.resolve("2024-03-02-0002/add.csv")))
        .isEqualTo("customer_id,orders\r\ncarl,1\r\n");
    assertThat(shop.rows(AudienceExportsTable.TABLE))
        .extracting(row -> row.get("export_id"), row -> row.get("rows"), row -> row.get("added"))
        .containsExactlyInAnyOrder(
            tuple("2024-03-01-0001", 2L, 2L), tuple("2024-03-02-0002", 3L, 1L));
  }

  @Test
  @Tag("slow")
  void movedStagingDirectoryIsReportedUntilRestored() throws IOException {
    Sessions.fit(SharedSpark.session(), 0);
    Path lists = folder.resolve("files/all/generic");
    Path staging = lists.resolve(".2024-03-01-0001");
    Path elsewhere = folder.resolve("elsewhere");
    Shop shop =
        Shop.in(folder)
            .mapping("none", HEADER)
            .set("export.path", folder.resolve("files").toString());
    shop.write("a.csv", HEADER + "1,anna,2024-02-01 10:00:00,1,20.00\n");
    shop.withAudienceOfAll("");
    Step moving =
        Step.named(
            "moving",
            List.of(),
            List.of(),
            List.of(),
            context -> {
              assertThat(staging.toFile().renameTo(elsewhere.toFile())).isTrue();
              return StepResult.done();
            });
    shop.withSteps(Shop.steps(STEPS, List.of(moving))).runAsOf(MARCH);

    for (int night = 1; night <= 2; night++) {
      shop.withSteps(STEPS).runAsOf(MARCH.plusDays(night));
      assertThat(shop.messages())
          .anyMatch(line -> line.contains("Cannot put the files of all for generic in place: "))
          .anyMatch(line -> line.contains("bring the directory back"));
    }
    Files.move(elsewhere, staging);
    shop.runAsOf(MARCH.plusDays(3));
    assertThat(shop.messages()).noneMatch(line -> line.contains("Cannot put"));
    assertThat(lists.resolve("2024-03-01-0001/full.csv")).content().contains("anna");
  }

  @Test
  void commandRequiresAPath() throws IOException {
    Path config = folder.resolve("perennial.conf");
    Files.writeString(config, "lake.path = x\nwarehouse.path = y\n");

    CommandResult result = CommandRunner.run(List.of("export", "--config", config.toString()));

    assertThat(result.code()).isEqualTo(ExitCode.USAGE.code());
    assertThat(result.err()).contains("export.path").contains("must be set to a directory");
  }
}
