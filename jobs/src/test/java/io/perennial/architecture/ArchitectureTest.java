package io.perennial.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.freeze.FreezingArchRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;

/**
 * The structure of the main code. Violations older than their rule are frozen in {@code
 * src/test/archunit}; those files may only shrink.
 */
@AnalyzeClasses(packages = "io.perennial", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ROOT = "io.perennial";

  /** Lowest first. A package depends only on packages before it in this list. */
  private static final List<String> LAYERS =
      List.of(
          "config",
          "table",
          "spark",
          "state",
          "step",
          "lake",
          "ingest",
          "orders",
          "customers",
          "months",
          "cohorts",
          "rfm",
          "loyalty",
          "products",
          "churn",
          "restatements",
          "audiences",
          "export",
          "report",
          "erasure",
          "pipeline",
          "sample",
          "cli");

  private static final List<String> STAGES = LAYERS.subList(6, 19);

  private static final int MAX_CYCLE_SIZE = 3;
  private static final int MAX_PARAMETERS = 6;

  /** Methods of a dataset that run a job. */
  private static final Set<String> ACTIONS =
      Set.of(
          "collect",
          "collectAsList",
          "count",
          "first",
          "foreach",
          "foreachPartition",
          "head",
          "isEmpty",
          "reduce",
          "take",
          "takeAsList",
          "toLocalIterator",
          "write");

  @ArchTest
  static final ArchRule ROOT_CONTAINS_ONLY_MAIN =
      classes().that().resideInAPackage(ROOT).should().haveFullyQualifiedName(ROOT + ".Main");

  @ArchTest
  static final ArchRule PACKAGES_DEPEND_ON_LOWER_LAYERS_ONLY =
      classes()
          .that()
          .resideInAnyPackage(LAYERS.stream().map(ArchitectureTest::in).toArray(String[]::new))
          .should(
              condition(
                  "know only packages below their own",
                  (type, events) ->
                      type.getDirectDependenciesFromSelf().stream()
                          .filter(ArchitectureTest::isUpward)
                          .forEach(it -> addViolation(events, type, it.getDescription()))));

  @ArchTest
  static final ArchRule SPARK_INTERNALS_ARE_USED_IN_TWO_PACKAGES_ONLY =
      noClasses()
          .that(DescribedPredicate.not(resideInAnyPackage(in("table.delta"), in("spark"))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.apache.spark.sql.delta..",
                  "org.apache.spark.sql.catalyst..",
                  "org.apache.spark.sql.execution..",
                  "org.apache.spark.sql.classic..",
                  "org.apache.spark.sql.internal.."));

  @ArchTest
  static final ArchRule STAGES_COMPUTE_WITHOUT_SESSION_OR_ACTION =
      FreezingArchRule.freeze(
          classes()
              .that()
              .resideInAnyPackage(STAGES.stream().map(ArchitectureTest::in).toArray(String[]::new))
              .and(describe("are no steps", type -> !topLevelClass(type).endsWith("Steps")))
              .should(
                  condition(
                      "have no session and run no action",
                      (type, events) ->
                          type.getMethodCallsFromSelf().stream()
                              .filter(ArchitectureTest::isSessionOrAction)
                              .forEach(it -> addViolation(events, type, it.getDescription())))));

  @ArchTest
  static final ArchRule AT_MOST_SIX_PARAMETERS =
      classes()
          .should(
              condition(
                  "have no method or constructor with more than six parameters",
                  (type, events) ->
                      type.getCodeUnits().stream()
                          .filter(unit -> isDeclared(unit) && !isRecordConstructor(unit))
                          .filter(unit -> unit.getRawParameterTypes().size() > MAX_PARAMETERS)
                          .forEach(it -> addViolation(events, type, it.getFullName()))));

  @ArchTest
  static final ArchRule NO_OPTIONAL_PARAMETERS =
      classes()
          .should(
              condition(
                  "have no Optional parameter",
                  (type, events) ->
                      type.getCodeUnits().stream()
                          .filter(unit -> isDeclared(unit) && !isRecordConstructor(unit))
                          .filter(
                              unit ->
                                  unit.getRawParameterTypes().stream()
                                      .anyMatch(it -> it.isEquivalentTo(Optional.class)))
                          .forEach(it -> addViolation(events, type, it.getFullName()))));

  @ArchTest
  static void cyclesAreShortAndInsideOnePackage(JavaClasses types) {
    Map<String, Set<String>> uses = new TreeMap<>();
    types.forEach(
        type ->
            uses.computeIfAbsent(topLevelClass(type), name -> new TreeSet<>())
                .addAll(
                    type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> topLevelClass(dependency.getTargetClass()))
                        .filter(name -> name.startsWith(ROOT))
                        .collect(Collectors.toSet())));

    List<Set<String>> cycles = StronglyConnectedComponents.of(uses);

    assertThat(cycles)
        .allSatisfy(
            cycle -> {
              assertThat(cycle).hasSizeLessThanOrEqualTo(MAX_CYCLE_SIZE);
              assertThat(cycle.stream().map(ArchitectureTest::packageOf).distinct()).hasSize(1);
            });
  }

  private static String in(String name) {
    return ROOT + "." + name + "..";
  }

  private static boolean isUpward(Dependency dependency) {
    return layer(dependency.getTargetClass()) > layer(dependency.getOriginClass());
  }

  /** The index of the layer of a class; -1 if it belongs to none. */
  private static int layer(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    return name.startsWith(ROOT + ".")
        ? LAYERS.indexOf(name.substring(ROOT.length() + 1).split("\\.", 2)[0])
        : -1;
  }

  private static boolean isSessionOrAction(JavaMethodCall call) {
    JavaClass owner = call.getTargetOwner();
    return owner.isEquivalentTo(SparkSession.class)
        || (owner.isAssignableTo(Dataset.class) && ACTIONS.contains(call.getName()));
  }

  /** False for lambdas, whose parameters include captured variables, and for enums. */
  private static boolean isDeclared(JavaCodeUnit unit) {
    return !unit.getName().contains("$") && !unit.getOwner().isEnum();
  }

  private static boolean isRecordConstructor(JavaCodeUnit unit) {
    return unit.getOwner().isRecord() && unit.isConstructor();
  }

  private static String topLevelClass(JavaClass type) {
    return type.getBaseComponentType().getName().split("\\$", 2)[0];
  }

  private static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('.'));
  }

  private static void addViolation(ConditionEvents events, JavaClass type, String message) {
    events.add(SimpleConditionEvent.violated(type, message));
  }

  private interface Check {
    void check(JavaClass type, ConditionEvents events);
  }

  private static ArchCondition<JavaClass> condition(String description, Check check) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        check.check(type, events);
      }
    };
  }
}
