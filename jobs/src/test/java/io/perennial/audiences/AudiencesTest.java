package io.perennial.audiences;

import static io.perennial.audiences.AudienceFixtures.audience;
import static io.perennial.audiences.AudienceFixtures.explained;
import static io.perennial.audiences.AudienceFixtures.ranked;
import static io.perennial.audiences.AudienceFixtures.sent;
import static io.perennial.audiences.AudienceFixtures.stratified;
import static io.perennial.audiences.AudienceFixtures.tested;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.AudienceSettings.Channel;
import io.perennial.config.AudienceSettings.Platform;
import io.perennial.state.PrivateState;
import io.perennial.table.TableStore;
import io.perennial.testing.TableRows;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of audiences against the same waterfall in plain Java. */
public class AudiencesTest {

  private static final LocalDate DAY_1 = LocalDate.of(2024, 3, 1);
  private static final int COOL_OFF = 30;

  private final List<Map<String, Object>> customers = customers();
  private final List<Audience> audiences =
      List.of(
          explained(
              ranked(tested(audience("best", "orders >= 3"), "best", 0.25, COOL_OFF), "net", 40),
              "{orders} orders, {net} net, {segment}"),
          tested(
              sent(audience("ads", "days_since_last_order <= 60"), Channel.ADS, Platform.META),
              "ads-test",
              0.2,
              0),
          stratified(sent(audience("survey", "orders >= 1"), Channel.NONE), "segment", 30),
          sent(audience("by-id", "orders = 1"), Channel.SMS, Platform.GENERIC),
          audience("nobody", "orders > 1000"));

  @TempDir private Path folder;
  private SparkSession spark;
  private TableStore store;
  private PrivateState state;

  @BeforeEach
  void open() {
    spark = AudienceFixtures.session();
    store =
        new TableStore(
            spark, folder.resolve("warehouse").toString(), AudienceFixtures.MINOR_DIGITS);
    state =
        new PrivateState(spark, folder.resolve("state").toString(), AudienceFixtures.MINOR_DIGITS);
  }

  private static List<Map<String, Object>> customers() {
    Random random = new Random(4);
    String[] segments = {"Champions", "Lost", "Promising", null};
    List<Map<String, Object>> customers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Map<String, Object> values = new HashMap<>();
      values.put("orders", 1L + random.nextInt(5));
      values.put("net", random.nextInt(40) + ".00");
      values.put("days_since_last_order", 1 + random.nextInt(120));
      values.put("segment", segments[random.nextInt(random.nextInt(4) + 1)]);
      values.put("has_email", random.nextInt(10) > 0);
      values.put("has_phone", random.nextInt(10) > 2);
      for (String consent : List.of("email_consent", "sms_consent", "ads_consent")) {
        int answer = random.nextInt(4);
        values.put(consent, answer == 0 ? null : answer > 1);
      }
      customers.add(AudienceFixtures.profile("C%03d".formatted(i), DAY_1, values));
    }
    return customers;
  }

  private Audiences.Selection select(List<Audience> which, LocalDate asOf, Set<String> suppressed) {
    customers.forEach(customer -> customer.put("as_of", asOf));
    store.replaceSnapshot(
        CustomerProfileTable.TABLE,
        asOf,
        AudienceFixtures.rows(CustomerProfileTable.TABLE, customers));
    return audiences()
        .select(
            which,
            spark.createDataset(List.copyOf(suppressed), Encoders.STRING()).toDF("customer_id"),
            asOf);
  }

  private long selectAndAssign(
      List<Audience> which, LocalDate asOf, String run, Set<String> suppressed) {
    return audiences().assign(select(which, asOf, suppressed).audiences(), asOf, run);
  }

  private Audiences audiences() {
    return new Audiences(spark, store, state, AudienceFixtures.MINOR_DIGITS);
  }

  @Test
  void theWaterfallEqualsPlainJavaAndArmsAreStable() {
    Set<String> staff = new TreeSet<>(Set.of("C007", "C070", "C107", "C170", "unknown"));
    Audiences.Selection selection = select(audiences, DAY_1, staff);
    long assigned = audiences().assign(selection.audiences(), DAY_1, "run-1");
    Oracle oracle = new Oracle(staff);
    oracle.check(DAY_1);
    checkSurveyAndReasons();
    assertThat(selection.empty()).containsExactly("nobody");
    assertThat(selection.faults()).isEmpty();
    assertThat(assigned).isEqualTo(oracle.recorded.size());
    assertThat(assignments()).isEqualTo(oracle.recorded);

    // The same day again: the same members, since a run ignores its own assignments.
    List<Map<String, Object>> before = members(DAY_1);
    assertThat(selectAndAssign(audiences, DAY_1, "run-2", staff)).isZero();
    assertThat(members(DAY_1)).containsExactlyInAnyOrderElementsOf(before);
    assertThat(assignments()).isEqualTo(oracle.recorded);

    // Within the cool-off others move up; after it the same customers return, in the same arms.
    for (LocalDate day : List.of(DAY_1.plusDays(COOL_OFF - 1), DAY_1.plusDays(COOL_OFF))) {
      selectAndAssign(audiences, day, "run-of-" + day, staff);
      oracle.check(day);
      assertThat(assignments()).isEqualTo(oracle.recorded);
    }
    Map<String, Set<Object>> arms = new HashMap<>();
    TableRows.of(state.tables().read(AssignmentsTable.TABLE))
        .forEach(
            row ->
                arms.computeIfAbsent(
                        row.get("experiment") + " " + row.get("customer_id"), k -> new TreeSet<>())
                    .add(row.get("arm")));
    assertThat(arms.values()).allSatisfy(arm -> assertThat(arm).hasSize(1));
    assertThat(arms).hasSizeGreaterThan(60);

    // A changed share applies to new customers; earlier ones keep their arms.
    Map<String, Object> armsBefore = armsOf("ads", DAY_1.plusDays(COOL_OFF));
    selectAndAssign(
        List.of(tested(audiences.get(1), "ads-test", 0.9, 0)),
        DAY_1.plusDays(COOL_OFF),
        "run-5",
        Set.of());
    Map<String, Object> armsAfter = armsOf("ads", DAY_1.plusDays(COOL_OFF));
    assertThat(armsAfter).containsAllEntriesOf(armsBefore);
    assertThat(
            armsAfter.entrySet().stream()
                .filter(entry -> !armsBefore.containsKey(entry.getKey()))
                .map(Map.Entry::getKey))
        .isSubsetOf(staff);
  }

  @Test
  void anAudienceWhoseRuleFailsIsLeftOutAndTheOthersAreSelected() {
    Audiences.Selection selection =
        select(
            List.of(audiences.get(3), audience("divides", "10 / (orders - 1) > 2")),
            DAY_1,
            Set.of());

    assertThat(selection.faults())
        .singleElement()
        .asString()
        .startsWith(
            "Cannot make audience 'divides' (audiences.conf, line 1): its rule fails for some"
                + " customer: Division by zero.")
        .doesNotContain("\n");
    assertThat(members(DAY_1)).isNotEmpty().allMatch(row -> row.get("audience").equals("by-id"));
    assertThat(select(List.of(), DAY_1, Set.of()))
        .isEqualTo(new Audiences.Selection(List.of(), List.of(), List.of()));
    assertThat(members(DAY_1)).isEmpty();
  }

  /** A stratified draw gives each stratum its share, and reasons hold the customer's values. */
  private void checkSurveyAndReasons() {
    Map<Object, Long> drawn = new HashMap<>();
    Map<Object, Long> all = new HashMap<>();
    Map<Object, Object> segments = new HashMap<>();
    customers.forEach(
        customer -> {
          if (List.of("C007", "C070", "C107", "C170").contains(customer.get("customer_id"))) {
            return;
          }
          Object segment = String.valueOf(customer.get("segment"));
          segments.put(customer.get("customer_id"), segment);
          all.merge(segment, 1L, Long::sum);
        });
    for (Map<String, Object> member : members(DAY_1)) {
      if (member.get("audience").equals("survey")) {
        drawn.merge(segments.get(member.get("customer_id")), 1L, Long::sum);
      }
      if (member.get("audience").equals("best")) {
        Map<String, Object> customer =
            customers.stream()
                .filter(c -> c.get("customer_id").equals(member.get("customer_id")))
                .findFirst()
                .orElseThrow();
        assertThat(member.get("reason"))
            .isEqualTo(
                customer.get("orders")
                    + " orders, "
                    + customer.get("net")
                    + " net, "
                    + (customer.get("segment") == null ? "unknown" : customer.get("segment")));
      }
    }
    assertThat(drawn.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(30);
    all.forEach(
        (segment, size) ->
            assertThat((double) drawn.getOrDefault(segment, 0L))
                .as("%s of %d", segment, size)
                .isBetween(size * 30 / 296.0 - 1, size * 30 / 296.0 + 1));
    assertThat(
            members(DAY_1).stream()
                .filter(member -> member.get("audience").equals("ads"))
                .map(member -> (String) member.get("reason")))
        .allMatch(reason -> reason.matches("days_since_last_order \\d+"));
  }

  private List<Map<String, Object>> members(LocalDate asOf) {
    return TableRows.of(store.read(AudienceMembersTable.TABLE)).stream()
        .filter(row -> row.get("as_of").equals(asOf))
        .toList();
  }

  private Map<String, Object> armsOf(String audience, LocalDate asOf) {
    return members(asOf).stream()
        .filter(row -> row.get("audience").equals(audience))
        .collect(Collectors.toMap(row -> (String) row.get("customer_id"), row -> row.get("arm")));
  }

  private Set<String> assignments() {
    return TableRows.of(state.tables().read(AssignmentsTable.TABLE)).stream()
        .map(
            row ->
                row.get("experiment")
                    + " "
                    + row.get("audience")
                    + " "
                    + row.get("customer_id")
                    + " "
                    + row.get("arm")
                    + " "
                    + row.get("assigned_as_of"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The audiences best, ads, by-id and nobody in plain Java. */
  private final class Oracle {

    private final Set<String> staff;
    private final Set<String> recorded = new TreeSet<>();
    private final Map<String, LocalDate> lastSelection = new HashMap<>();

    Oracle(Set<String> staff) {
      this.staff = staff;
    }

    void check(LocalDate asOf) {
      compare(asOf, "best", c -> (long) c.get("orders") >= 3, "has_email", "email_consent", 40);
      compare(
          asOf,
          "ads",
          c -> (int) c.get("days_since_last_order") <= 60,
          "has_either",
          "ads_consent",
          9999);
      compare(asOf, "by-id", c -> (long) c.get("orders") == 1, "", "sms_consent", 9999);
      compare(asOf, "nobody", c -> false, "has_email", "email_consent", 9999);
    }

    private void compare(
        LocalDate asOf,
        String audience,
        Predicate<Map<String, Object>> rule,
        String identifier,
        String consent,
        int cap) {
      long[] left = new long[8];
      List<Map<String, Object>> staying = new ArrayList<>();
      for (Map<String, Object> customer : customers) {
        String id = (String) customer.get("customer_id");
        LocalDate last = lastSelection.get(audience + " " + id);
        boolean isCooling =
            audience.equals("best") && last != null && last.plusDays(COOL_OFF).isAfter(asOf);
        boolean isUsable =
            switch (identifier) {
              case "has_email" -> (boolean) customer.get("has_email");
              case "has_either" ->
                  (boolean) customer.get("has_email") || (boolean) customer.get("has_phone");
              default -> true;
            };
        int step =
            !rule.test(customer)
                ? 1
                : !isUsable
                    ? 2
                    : !Boolean.TRUE.equals(customer.get(consent))
                        ? 3
                        : staff.contains(id) ? 4 : isCooling ? 5 : 0;
        left[step]++;
        if (step == 0) {
          staying.add(customer);
        }
      }
      Comparator<Map<String, Object>> byNet =
          Comparator.comparing(c -> -Double.parseDouble((String) c.get("net")));
      Comparator<Map<String, Object>> byId =
          Comparator.comparing(c -> (String) c.get("customer_id"));
      staying.sort(audience.equals("best") ? byNet.thenComparing(byId) : byId);
      Map<String, String> expected = new TreeMap<>();
      for (int place = 1; place <= staying.size(); place++) {
        String id = (String) staying.get(place - 1).get("customer_id");
        if (place > cap) {
          left[6]++;
          continue;
        }
        String arm = arm(audience, id);
        left[7] += arm.equals("control") ? 1 : 0;
        expected.put(id, place + " " + arm);
        if (audience.equals("best") || audience.equals("ads")) {
          String experiment = audience.equals("ads") ? "ads-test" : audience;
          boolean isNew =
              lastSelection.putIfAbsent(audience + " " + id, asOf) == null
                  || audience.equals("best");
          lastSelection.put(audience + " " + id, asOf);
          if (isNew) {
            recorded.add(String.join(" ", experiment, audience, id, arm, asOf.toString()));
          }
        }
      }
      Map<String, String> actual = new TreeMap<>();
      members(asOf).stream()
          .filter(row -> row.get("audience").equals(audience))
          .forEach(
              row ->
                  actual.put(
                      (String) row.get("customer_id"), row.get("rank") + " " + row.get("arm")));
      assertThat(actual).as("%s as of %s", audience, asOf).isEqualTo(expected);
      List<String> steps = new ArrayList<>();
      long in = customers.size();
      for (int step = 1; step <= 7; step++) {
        steps.add(step + ": " + in + " - " + left[step]);
        in -= left[step];
      }
      assertThat(
              TableRows.of(store.read(AudienceSuppressionsTable.TABLE)).stream()
                  .filter(row -> row.get("as_of").equals(asOf))
                  .filter(row -> row.get("audience").equals(audience))
                  .sorted(Comparator.comparing(row -> (int) row.get("step_order")))
                  .map(
                      row ->
                          row.get("step_order")
                              + ": "
                              + row.get("customers_in")
                              + " - "
                              + row.get("customers_out")))
          .as("%s as of %s", audience, asOf)
          .containsExactlyElementsOf(steps);
    }

    private String arm(String audience, String id) {
      double share = audience.equals("best") ? 0.25 : audience.equals("ads") ? 0.2 : 0;
      String experiment = audience.equals("ads") ? "ads-test" : audience;
      return draw(state.salt("experiments"), experiment, id) < share ? "control" : "target";
    }
  }

  /** SHA-256(salt | experiment | id), its first 60 bits as a share of 1. */
  public static double draw(String salt, String experiment, String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((salt + "|" + experiment + "|" + id).getBytes(StandardCharsets.UTF_8));
      String digits = HexFormat.of().formatHex(hash).substring(0, 15);
      return new BigInteger(digits, 16).doubleValue() / Math.pow(2, 60);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
