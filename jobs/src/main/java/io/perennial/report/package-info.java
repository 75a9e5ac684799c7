/**
 * One HTML file for people who do not read tables: what happened to the customers, and what to do.
 * A {@link io.perennial.report.Section} reads its figures from the tables of one published run,
 * added up to the size of a chart, and renders them; {@link io.perennial.report.ReportPage} writes
 * the page around them. Figures are those of the tables. The exception is {@link
 * io.perennial.report.RetentionWhatIf}, which states its assumptions.
 */
package io.perennial.report;
