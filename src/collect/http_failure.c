// SPDX-License-Identifier: Apache-2.0
/* What libcurl's codes mean: they are few, and its words tell the rest apart. */
#include <string.h>

#include <openssl/x509_vfy.h>

#include <wasmdiag/text.h>

#include "collect/http.h"

/* What is known of the transfer that failed. */
struct failure {
	const char *name; /* host:port */
	const char *words; /* libcurl's */
	long verify; /* X509_V_ERR_… */
	bool has_connected; /* TCP stood */
	bool has_secured; /* a new connection was through with TLS, and got no reply */
	const char *verified_name; /* that the certificate should bear */
	struct error *error;
};

static enum outcome set(const struct failure *failure, enum outcome outcome,
			enum error_kind kind, const char *what)
{
	fail(failure->error, kind, "%s: %s: %s", failure->name, what, failure->words);
	return outcome;
}

static enum outcome tls(const struct failure *failure, const char *what)
{
	return set(failure, OUTCOME_TLS, ERROR_NETWORK, what);
}

/* CURLE_PEER_FAILED_VERIFICATION: libcurl checks the name itself, OpenSSL the rest. */
static enum outcome distrusted(const struct failure *failure)
{
	if (text_has(failure->words, "subject name")) {
		fail(failure->error, ERROR_NETWORK,
		     "%s: the server's certificate is not for the name %s: %s",
		     failure->name, failure->verified_name, failure->words);
		return OUTCOME_TLS;
	}
	switch (failure->verify) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return tls(failure, "the server's certificate has expired");
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return tls(
			failure,
			"the server's certificate is not valid yet (is a clock wrong?)");
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		return tls(
			failure,
			"the server's certificate is not signed by the CA that is trusted");
	default:
		return tls(failure, "the server's certificate cannot be verified");
	}
}

/* The client's certificate is refused by an alert, under TLS 1.3 at the first read. */
static bool is_alert(const struct failure *failure)
{
	return text_has(failure->words, "alert");
}

static enum outcome timed_out(const struct failure *failure)
{
	if (text_starts(failure->words, "Resolving"))
		return set(failure, OUTCOME_UNRESOLVED, ERROR_NETWORK,
			   "the name server does not answer");
	if (!text_has(failure->words, "onnection time") &&
	    !text_starts(failure->words, "Failed to connect"))
		return set(failure, OUTCOME_TIMEOUT, ERROR_TIMEOUT,
			   "no whole reply in time");
	if (failure->has_connected)
		return tls(failure, "the TLS handshake was not finished in time");
	return set(failure, OUTCOME_UNREACHABLE, ERROR_NETWORK,
		   "no answer to TCP (is a firewall between?)");
}

static enum outcome handshake(const struct failure *failure)
{
	if (text_has(failure->words, "wrong version number") ||
	    text_has(failure->words, "packet length too long"))
		return tls(failure, "this port does not speak TLS");
	if (text_has(failure->words, "protocol version") ||
	    text_has(failure->words, "unsupported protocol"))
		return tls(failure, "the server speaks no TLS newer than 1.1");
	if (is_alert(failure))
		return tls(failure, "the server refused the client certificate");
	return tls(failure, "the TLS handshake failed");
}

/* After the handshake. */
static enum outcome broken_off(const struct failure *failure)
{
	if (is_alert(failure))
		return tls(failure, "the server refused the client certificate");
	/* the alert comes with the first read, unless our write failed before */
	if (failure->has_secured)
		return tls(
			failure,
			"the server broke off after the TLS handshake, so most likely it refused the client certificate");
	return set(failure, OUTCOME_UNREACHABLE, ERROR_NETWORK,
		   "the connection broke off");
}

static enum outcome classify(const struct failure *failure, CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return set(failure, OUTCOME_UNRESOLVED, ERROR_NETWORK,
			   "there is no address for the name");
	case CURLE_COULDNT_CONNECT:
		return set(failure, OUTCOME_UNREACHABLE, ERROR_NETWORK, "cannot connect");
	case CURLE_PROXY:
		return set(failure, OUTCOME_UNREACHABLE, ERROR_NETWORK,
			   "the proxy does not connect us");
	case CURLE_OPERATION_TIMEDOUT:
		return timed_out(failure);
	case CURLE_PEER_FAILED_VERIFICATION:
		return distrusted(failure);
	case CURLE_SSL_CONNECT_ERROR:
		return handshake(failure);
	case CURLE_SSL_CERTPROBLEM:
		return tls(
			failure,
			"the client certificate or its key cannot be used (a key must not be encrypted)");
	case CURLE_SSL_CACERT_BADFILE:
		return tls(failure,
			   "the CA certificate that is to be trusted cannot be read");
	case CURLE_PARTIAL_FILE:
		return set(failure, OUTCOME_MALFORMED, ERROR_FORMAT,
			   "the reply was cut short");
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return set(failure, OUTCOME_NOT_KUBERNETES, ERROR_FORMAT,
			   "the reply is not HTTP as an API server speaks it");
	default:
		return broken_off(failure);
	}
}

enum outcome http_failure(CURL *easy, const struct http_target *target, CURLcode code,
			  const char *curl_error, struct error *error)
{
	curl_off_t secured = 0;
	long local_port = 0, connections = 0, status = 0;
	const struct http_endpoint *endpoint = target->endpoint;
	struct failure failure = { .name = target->name,
				   .words = *curl_error ? curl_error
							: curl_easy_strerror(code),
				   .verified_name = endpoint->tls_server_name
							    ? endpoint->tls_server_name
							    : endpoint->host,
				   .error = error };

	curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &failure.verify);
	/* the time to connect is only told once the handshake is done, too */
	curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &local_port);
	failure.has_connected = local_port > 0;
	curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections);
	curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &secured);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	failure.has_secured = connections > 0 && secured > 0 && status == 0;
	return classify(&failure, code);
}
