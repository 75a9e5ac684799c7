package io.perennial.sample;

import java.time.LocalDate;

/**
 * Figures of the lake that was written.
 *
 * @param lines records in the lake, including repeated and dirty ones
 * @param dirty records that ingest must reject
 * @param files files of the lake; for a Delta lake the requested parts
 * @param firstDay local day of the first sale or refund
 * @param lastDay local day of the last sale or refund
 */
public record SampleReport(
    long lines, long dirty, int files, LocalDate firstDay, LocalDate lastDay) {}
