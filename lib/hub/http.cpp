#include "hub/http.h"

#include <curl/curl.h>
#include <signal.h>

#include <algorithm>
#include <cctype>
#include <exception>

namespace vitrine::hub {

namespace {

constexpr int most_redirects = 10;
constexpr long connect_seconds = 30;

/// Scheme, host and port of an address: who is spoken to.
struct Origin {
    std::string scheme, host, port;
    bool operator==(const Origin&) const = default;

    std::string text() const {
        return port == (scheme == "https" ? "443" : "80") ? host : host + ":" + port;
    }
};

Origin origin_of(const std::string& url) {
    const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), curl_url_cleanup);
    if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
        throw Error("the hub", "an address", "something that is none", "check HF_ENDPOINT");
    }
    const auto part = [&](CURLUPart which) {
        char* text = nullptr;
        if (curl_url_get(parsed.get(), which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
            return std::string();
        std::string copy = text;
        curl_free(text);
        std::transform(copy.begin(), copy.end(), copy.begin(), [](unsigned char letter) {
            return static_cast<char>(std::tolower(letter));
        });
        return copy;
    };
    return {part(CURLUPART_SCHEME), part(CURLUPART_HOST), part(CURLUPART_PORT)};
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// What another try can't mend is an Error, the rest a PassingError.
[[noreturn]] void fail(CURLcode code, const std::string& host) {
    const std::string name = "connection to " + host;
    const std::string reason = curl_easy_strerror(code);
    switch (code) {
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM: throw Error(name, "an answer", reason);
        default: break;
    }
    PassingError problem(name, "an answer", reason);
    problem.unreachable = code == CURLE_COULDNT_RESOLVE_HOST ||
                          code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_CONNECT;
    throw problem;
}

/// Writing to a connection that the other side has closed raises SIGPIPE in TLS libraries; it
/// would end the program. Source: libcurl-thread(3).
class NoBrokenPipe {
   public:
    NoBrokenPipe() {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        was_pending_ = is_pending();
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~NoBrokenPipe() {
        int taken = 0;
        if (!was_pending_ && is_pending()) sigwait(&pipe_, &taken);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    NoBrokenPipe(const NoBrokenPipe&) = delete;
    NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

   private:
    static bool is_pending() {
        sigset_t pending;
        sigpending(&pending);
        return sigismember(&pending, SIGPIPE) == 1;
    }

    sigset_t pipe_{}, before_{};
    bool was_pending_ = false;
};

}  // namespace

std::string Answer::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
}

/// One request and its answer, before redirects.
struct Http::Exchange {
    const Request& request;
    const std::stop_token& stop;
    Answer answer;
    std::string location;       // where a redirect leads
    std::exception_ptr thrown;  // by request.body: an exception can't cross C

    static std::size_t on_header(char* text, std::size_t, std::size_t size, void* self) {
        auto& answer = static_cast<Exchange*>(self)->answer;
        const std::string line(text, size);
        if (line.starts_with("HTTP/")) {
            answer.headers.clear();
            const std::size_t space = line.find(' ');
            answer.status = space == std::string::npos ? 0 : std::atoi(line.c_str() + space);
        }
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) return size;
        std::string name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char letter) {
            return static_cast<char>(std::tolower(letter));
        });
        const std::size_t first = line.find_first_not_of(" \t\r\n", colon + 1);
        const std::size_t last = line.find_last_not_of(" \t\r\n");
        answer.headers[name] =
            first == std::string::npos ? "" : line.substr(first, last - first + 1);
        return size;
    }

    static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) {
        auto& exchange = *static_cast<Exchange*>(self);
        if (exchange.answer.status / 100 != 2 || !exchange.request.body) return size;
        try {
            exchange.request.body(exchange.answer, {bytes, size});
        } catch (...) {
            exchange.thrown = std::current_exception();
            return 0;
        }
        return size;
    }

    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<Exchange*>(self)->stop.stop_requested() ? 1 : 0;
    }
};

void Http::Cleanup::operator()(void* curl) const {
    curl_easy_cleanup(curl);
}

Http::Http(const Settings& settings, std::stop_token stop)
    : settings_(settings), stop_(std::move(stop)) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (ready == CURLE_OK) curl_.reset(curl_easy_init());
    if (!curl_) throw Error("libcurl", "to start", "an error");
}

Http::Exchange Http::exchange(const std::string& url, const Request& request) {
    Exchange exchange{request, stop_, {}, {}, {}};
    const Origin origin = origin_of(url);
    exchange.answer.host = origin.text();
    exchange.answer.from_endpoint = origin == origin_of(settings_.endpoint);
    const NoBrokenPipe no_broken_pipe;
    void* curl = curl_.get();
    curl_easy_reset(curl);
    const auto set = [curl](CURLoption option, auto value) {
        if (curl_easy_setopt(curl, option, value) != CURLE_OK)
            throw Error("libcurl", "an option", "a refusal");
    };
    set(CURLOPT_URL, url.c_str());
#if LIBCURL_VERSION_NUM >= 0x075500
    set(CURLOPT_PROTOCOLS_STR, "http,https");
#else
    set(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    set(CURLOPT_USERAGENT, "vitrine");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_NOBODY, request.head ? 1L : 0L);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings_.silent_seconds));
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Exchange::on_progress);
    set(CURLOPT_XFERINFODATA, &exchange);
    set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
    set(CURLOPT_HEADERDATA, &exchange);
    set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
    set(CURLOPT_WRITEDATA, &exchange);
    const std::string range = std::to_string(request.from) + "-";
    if (request.from > 0) set(CURLOPT_RANGE, range.c_str());
    // Lengths and checksums are those of the file as it is, not of a compressed copy.
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(
        curl_slist_append(nullptr, "Accept-Encoding: identity"), curl_slist_free_all);
    if (!settings_.token.empty() && exchange.answer.from_endpoint) {
        const std::string line = "Authorization: Bearer " + settings_.token;
        curl_slist_append(headers.get(), line.c_str());
    }
    set(CURLOPT_HTTPHEADER, headers.get());

    const CURLcode code = curl_easy_perform(curl);
    if (exchange.thrown) std::rethrow_exception(exchange.thrown);
    if (stop_.stop_requested()) throw Stopped();
    if (code != CURLE_OK) fail(code, origin.text());
    curl_off_t seconds = 0;
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0) exchange.answer.retry_after = std::chrono::seconds(seconds);
    char* next = nullptr;
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &next);
    if (next != nullptr) exchange.location = next;
    if (origin.scheme == "https" && exchange.location.starts_with("http:")) {
        throw Error("connection to " + origin.text(), "https all the way",
                    "a redirect to plain http");
    }
    return exchange;
}

Answer Http::send(const Request& request) {
    std::string url = request.url;
    std::map<std::string, std::string> on_the_way;
    for (int hop = 0; hop <= most_redirects; ++hop) {
        Exchange now = exchange(url, request);
        Answer& answer = now.answer;
        const bool moves = is_redirect(answer.status) && !now.location.empty();
        if (!moves || (request.head && origin_of(now.location) != origin_of(url))) {
            answer.headers.insert(on_the_way.begin(), on_the_way.end());
            return answer;
        }
        answer.headers.erase("content-length");  // the redirect's own
        answer.headers.insert(on_the_way.begin(), on_the_way.end());
        on_the_way = answer.headers;
        url = now.location;
    }
    throw Error("connection to " + origin_of(url).text(), "an answer",
                "more than " + std::to_string(most_redirects) + " redirects");
}

}  // namespace vitrine::hub
