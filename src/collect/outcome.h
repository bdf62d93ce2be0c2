// SPDX-License-Identifier: Apache-2.0
/* How a request or a handshake ended: told apart where the user's next step differs. */
#pragma once

enum outcome {
	OUTCOME_NONE, /* not over yet */
	OUTCOME_OK,
	OUTCOME_ABSENT, /* 404 */
	OUTCOME_UNAUTHORIZED, /* 401 */
	OUTCOME_FORBIDDEN, /* 403 */
	OUTCOME_THROTTLED, /* 429, and again after waiting */
	OUTCOME_SERVER_ERROR, /* 5xx, and any other status that is no answer */
	OUTCOME_EXPIRED, /* 410 twice: the list changed faster than it was read */
	OUTCOME_NOT_KUBERNETES, /* HTML, text, a redirect, JSON without a kind */
	OUTCOME_MALFORMED, /* JSON that is broken or cut short */
	OUTCOME_TOO_LARGE,
	OUTCOME_UNRESOLVED, /* no address for the name */
	OUTCOME_UNREACHABLE, /* TCP or the proxy: refused, no route, no answer */
	OUTCOME_TLS, /* the handshake: certificate, name, dates, client certificate */
	OUTCOME_TIMEOUT, /* connected, but no whole reply in time */
	OUTCOME_NOT_SENT, /* the run's time was over */
};
