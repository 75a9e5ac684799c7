/** The commands, their options and their output, for people and for schedulers. */
package io.perennial.cli;
