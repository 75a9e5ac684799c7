package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perennial.acceptance.CommandRunner.CommandResult;
import io.perennial.audiences.AssignmentsTable;
import io.perennial.audiences.AudienceMembersTable;
import io.perennial.audiences.AudienceSteps;
import io.perennial.audiences.AudiencesTest;
import io.perennial.audiences.CampaignLiftTable;
import io.perennial.pipeline.Steps;
import io.perennial.state.PrivateState;
import io.perennial.step.Step;
import io.perennial.table.RunRecord;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audiences across runs: assignments, cool-off and campaign lift. */
class AudienceCommandTest {

  private static final String HEADER = "order_id,customer_id,ordered_at,quantity,unit_price\n";
  private static final LocalDate FIRST = LocalDate.of(2024, 3, 1);
  private static final int CUSTOMERS = 80;

  private static final String SALT = "5a17".repeat(16);

  @TempDir private Path folder;

  private Shop shop;

  @BeforeEach
  void shop() throws IOException {
    shop = Shop.in(folder).mapping("none", HEADER);
    StringBuilder orders = new StringBuilder(HEADER);
    for (int i = 0; i < CUSTOMERS; i++) {
      orders.append("f%d,C%02d,2024-02-%02d 10:00:00,1,20.00\n".formatted(i, i, 1 + i % 29));
    }
    shop.write("february.csv", orders.toString());
    writeAudiences("orders >= 1");
  }

  private void writeAudiences(String predicate) throws IOException {
    Files.writeString(
        folder.resolve("audiences.conf"),
        """
        audiences = [
          { name = all, words = All, use = Always, channel = none, platforms = [generic]
            predicate = "%s", control-share = 0.4, cool-off-days = 10 }
        ]
        """
            .formatted(predicate));
  }

  @Test
  @Tag("slow")
  void assignmentsPersistUnlessTheRunFails() throws IOException {
    Path salts = Files.createDirectories(Path.of(shop.settings().statePath()).resolve("salts"));
    Files.writeString(salts.resolve("experiments"), SALT);
    Map<Object, Object> arms = new TreeMap<>();
    StringBuilder march = new StringBuilder(HEADER);
    long targets = 0;
    for (int i = 0; i < CUSTOMERS; i++) {
      String id = "C%02d".formatted(i);
      boolean isControl = AudiencesTest.draw(SALT, "all", id) < 0.4;
      arms.put(id, isControl ? "control" : "target");
      if (!isControl && targets++ % 3 == 0) {
        march.append("m%d,%s,2024-03-02 10:00:00,1,30.00\n".formatted(i, id));
      }
    }
    march.append("m98,N98,2024-03-05 10:00:00,1,9.00\nm99,N99,2024-03-06 10:00:00,1,9.00\n");
    shop.write("march.csv", march.toString());

    shop.withSteps(Shop.steps(Steps.LAKE_STEPS, AudienceSteps.AUDIENCE_STEPS)).runAsOf(FIRST);
    assertThat(arms(FIRST)).isEqualTo(arms).containsValue("control").containsValue("target");
    assertThat(assignments()).hasSize(CUSTOMERS);

    // All customers are in cool-off. The run that assigns the two new ones fails.
    LocalDate next = FIRST.plusDays(7);
    Step failing =
        Step.named(
            "failing",
            List.of(),
            List.of(),
            List.of(),
            context -> {
              throw new IllegalStateException("the power is gone");
            });
    shop.withSteps(Shop.steps(AudienceSteps.AUDIENCE_STEPS, List.of(failing)));
    assertThatThrownBy(() -> shop.runAsOf(next)).hasMessage("the power is gone");
    assertThat(assignments()).hasSize(CUSTOMERS + 2).anyMatch(row -> row.contains("2024-03-08"));

    shop.withSteps(Shop.steps(AudienceSteps.AUDIENCE_STEPS, AudienceSteps.LIFT_STEPS));
    RunRecord run = shop.runAsOf(next.plusDays(1));
    assertThat(arms(next.plusDays(1))).containsOnlyKeys("N98", "N99");
    assertThat(assignments())
        .hasSize(CUSTOMERS + 2)
        .contains("N98 2024-03-09", "N99 2024-03-09")
        .noneMatch(row -> row.contains("2024-03-08"));

    // A third of the targets bought within seven days, and no customer of the control group.
    long all = targets;
    assertThat(shop.rows(CampaignLiftTable.TABLE, run))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row)
                  .containsEntry("experiment", "all")
                  .containsEntry("window_days", 7)
                  .containsEntry("sent_as_of", FIRST)
                  .containsEntry("n_target", all)
                  .containsEntry("n_control", CUSTOMERS - all)
                  .containsEntry("p_target", Math.floorDiv(all + 2, 3) / (double) all)
                  .containsEntry("p_control", 0.0)
                  .containsEntry("low", null);
              assertThat((String) row.get("verdict")).startsWith("Nothing can be said yet: ");
            });
  }

  @Test
  @Tag("slow")
  void runAsOfAPastDateAssignsNoCustomers() throws IOException {
    writeAudiences("orders >= 99");
    shop.withSteps(Shop.steps(Steps.LAKE_STEPS, AudienceSteps.AUDIENCE_STEPS)).runAsOf(FIRST);
    writeAudiences("orders >= 1");
    shop.withSteps(AudienceSteps.AUDIENCE_STEPS);

    LocalDate past = FIRST.minusDays(1);
    shop.runAsOf(past);
    assertThat(arms(past)).isNotEmpty();
    assertThat(assignments()).isEmpty();

    shop.runAsOf(FIRST.plusDays(1));
    assertThat(arms(FIRST.plusDays(1))).as("nobody cools off").hasSize(CUSTOMERS);
  }

  @Test
  void invalidPredicateFailsBeforeTheRunStarts() throws IOException {
    writeAudiences("ordres >= 1");

    CommandResult result =
        shop.command("run", List.of("audiences.suppression-lists=[nowhere.csv]"));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            "Cannot use the configuration: 2 problems",
            "audiences.all.predicate (" + folder.resolve("audiences.conf") + ", line 2) is",
            "no such column 'ordres' at position 1. Did you mean orders?",
            "audiences.suppression-lists (configuration) is 'nowhere.csv': no such file");
    assertThat(folder.resolve("warehouse").resolve("order_lines")).doesNotExist();
  }

  private Map<Object, Object> arms(LocalDate asOf) {
    return shop.rows(AudienceMembersTable.TABLE).stream()
        .filter(row -> row.get("as_of").equals(asOf))
        .collect(Collectors.toMap(row -> row.get("customer_id"), row -> row.get("arm")));
  }

  private Set<String> assignments() {
    return TableRows.of(
            new PrivateState(SharedSpark.session(), shop.settings().statePath(), 2)
                .tables()
                .read(AssignmentsTable.TABLE))
        .stream()
        .map(row -> row.get("customer_id") + " " + row.get("assigned_as_of"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
