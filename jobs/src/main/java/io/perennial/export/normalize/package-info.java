/** Normal forms of contact data, as the platforms require them before hashing. */
package io.perennial.export.normalize;
