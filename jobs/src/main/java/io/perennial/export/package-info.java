/**
 * Files of audiences for advertising and e-mail platforms: each platform's own normalisation and
 * hashing, what has to be added to and removed from what was sent before, and the memory of it in
 * the private state.
 */
package io.perennial.export;
