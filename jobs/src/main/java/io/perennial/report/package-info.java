/**
 * One HTML file for people who will never read a table: what happened to the customers, and what to
 * do. {@link io.perennial.report.ReportData} reads the tables of one published run and adds them up
 * to the size of a chart, {@link io.perennial.report.ReportModel} holds that as plain values, and
 * {@link io.perennial.report.ReportPage} writes it down. The page defines no figure of its own:
 * what it shows is what the tables say, but for {@link io.perennial.report.FivePoints}, a what-if
 * whose assumptions it states.
 */
package io.perennial.report;
