package io.perennial.customers;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.ingest.FileEntry;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.lake.LakeFile;
import io.perennial.table.Field;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** New files are merged; where records may have left order_lines, contacts are rebuilt. */
class ContactsPlanTest {

  private static final Instant DAY = Instant.parse("2024-01-01T00:00:00Z");

  @Test
  void readsEverythingTheFirstTime() {
    ContactsPlan plan =
        ContactsPlan.of(List.of(), List.of(file("a", 5, 5, "r1"), file("b", 5, 4, "r1")), lake());
    assertThat(plan.isRebuild()).isTrue();
    assertThat(plan.read()).extracting(LakeFile::path).containsExactly("a", "b");
    assertThat(plan.mixed()).containsExactly("b");
  }

  @Test
  void readsOnlyNewFilesWhereNothingElseChanged() {
    ContactsPlan plan =
        ContactsPlan.of(
            List.of(file("a", 5, 5, "r1")),
            List.of(file("a", 5, 5, "r1"), file("b", 5, 4, "r2")),
            lake());
    assertThat(plan.isRebuild()).isFalse();
    assertThat(plan.read()).extracting(LakeFile::path).containsExactly("b");
  }

  @Test
  void readsEverythingWhereRecordsWereOverruledReadAgainOrLeft() {
    List<FileEntry> before = List.of(file("a", 5, 5, "r1"), file("b", 5, 5, "r1"));
    assertThat(
            ContactsPlan.of(before, List.of(file("a", 5, 4, "r1"), file("b", 5, 5, "r1")), lake())
                .isRebuild())
        .as("a later record replaced one")
        .isTrue();
    assertThat(
            ContactsPlan.of(before, List.of(file("a", 5, 5, "r2"), file("b", 5, 5, "r1")), lake())
                .isRebuild())
        .as("a file was read again")
        .isTrue();
    assertThat(ContactsPlan.of(before, List.of(file("a", 5, 5, "r1")), lake()).isRebuild())
        .as("a file left")
        .isTrue();
  }

  @Test
  void keepsWhatIsKnownOfFilesThatCannotBeReadAgain() {
    List<LakeFile> changed =
        List.of(new LakeFile("a", "a", "a", 11, DAY), new LakeFile("b", "b", "b", 10, DAY));
    ContactsPlan plan =
        ContactsPlan.of(
            List.of(),
            List.of(file("a", 5, 5, "r1"), file("b", 5, 5, "r1"), file("gone", 5, 5, "r1")),
            changed);
    assertThat(plan.read()).extracting(LakeFile::path).containsExactly("b");
    assertThat(plan.unreadable()).containsExactly("a", "gone");
  }

  private static List<LakeFile> lake() {
    return List.of(
        new LakeFile("a", "a", "a", 10, DAY),
        new LakeFile("b", "b", "b", 10, DAY),
        new LakeFile("not-ingested", "c", "c", 10, DAY));
  }

  private static FileEntry file(String path, long records, long accepted, String ingestId) {
    Map<Field, Long> outcomes =
        Map.of(
            IngestedFilesTable.ACCEPTED, accepted, IngestedFilesTable.REJECTED, records - accepted);
    return new FileEntry(path, 10, DAY, records, outcomes, BigDecimal.ZERO, ingestId);
  }
}
