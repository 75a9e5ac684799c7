/**
 * The commands, their options and their output. {@link io.perennial.cli.PerennialCommand} parses
 * the command line and maps failures to {@link io.perennial.cli.ExitCode}. Commands that build
 * tables report progress and a {@link io.perennial.cli.RunSummary}, as text for people or as JSON
 * for schedulers.
 */
package io.perennial.cli;
