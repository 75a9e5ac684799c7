/** Normal forms of addresses, as the platforms hash them. */
package io.perennial.export.normalize;
