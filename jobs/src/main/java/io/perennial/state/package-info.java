/**
 * What must survive a rebuild of the warehouse and is nobody's to query: salts, assignments of
 * control groups, hashes that were sent to platforms, the ledger of erased people. It lives under
 * {@code state.path}, readable by its owner only.
 */
package io.perennial.state;
