/**
 * The private state under {@code state.path}, which survives a rebuild of the warehouse and only
 * its owner can read: salts, assignments of control groups, hashes that were sent to platforms, and
 * the ledger of erased people.
 */
package io.perennial.state;
