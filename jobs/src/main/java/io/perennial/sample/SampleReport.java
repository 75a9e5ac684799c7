package io.perennial.sample;

import java.time.LocalDate;

/**
 * What was written.
 *
 * @param lines records in the lake, repeats and dirty ones included
 * @param dirty records among them that ingest must reject
 * @param files files of the lake; for a Delta lake the parts that were asked for
 * @param firstDay the shop's local day of the first sale or refund
 * @param lastDay the day of the last
 */
public record SampleReport(
    long lines, long dirty, int files, LocalDate firstDay, LocalDate lastDay) {}
