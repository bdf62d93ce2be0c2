// SPDX-License-Identifier: Apache-2.0
/* Taking secrets out of free text: log lines, messages of events and conditions. */
#pragma once

/*
 * Replace in text, in place, what looks like a secret by "***": the user and password of
 * a URL; the value behind a name such as password=, "token":, --api-key or
 * Authorization: Bearer; JSON web tokens, cloud access keys, K3s's tokens; a private key
 * in PEM form; any other run of 24 letters and digits and more that mixes upper case,
 * lower case and digits, as random keys do and names, digests and addresses do not.
 * What is scrubbed once stays as it is.  NULL is left alone.
 */
void scrub(char *text);
