/** Takes people out of every table and its history, and proves it by reading every file. */
package io.perennial.erasure;
