#include "hub/client.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "io/json.h"

namespace vitrine::hub {

namespace {

constexpr std::size_t longest_listing = 64U << 20U;  // bytes
constexpr std::int64_t largest_file = std::int64_t{1} << 50U;
constexpr std::chrono::minutes longest_wait{5};

/// The ETag without quotes and the mark of a weak one.
std::string bare(std::string etag) {
    if (etag.starts_with("W/")) etag.erase(0, 2);
    etag.erase(std::remove(etag.begin(), etag.end(), '"'), etag.end());
    return etag;
}

/// Only checksums can be verified, and only they are safe as names of files.
bool is_checksum(const std::string& etag) {
    return is_hexadecimal(etag, 40) || is_hexadecimal(etag, 64);
}

std::int64_t number(const std::string& text) {
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

bool is_passing(int status) {
    return status == 408 || status == 429 || (status >= 500 && status != 501);
}

}  // namespace

bool Listing::has(const std::string& file) const {
    return std::find(files.begin(), files.end(), file) != files.end();
}

void wait_for_next_try(const PassingError& problem, int tried, const Settings& settings,
                       const std::stop_token& stop) {
    if (tried >= settings.tries) {
        throw Error(problem.name, problem.expected,
                    problem.actual + ", " + std::to_string(tried) + " times in a row",
                    "what is complete is kept; the same command goes on from there");
    }
    const std::chrono::seconds time =
        problem.after.value_or(std::chrono::seconds(1 << std::min(tried - 1, 5)));
    if (time > longest_wait) {
        throw Error(problem.name, problem.expected,
                    problem.actual + " and to wait " + std::to_string(time.count()) + " s",
                    "run the same command then: it goes on from here");
    }
    settings.wait(time, stop);
    if (stop.stop_requested()) throw Stopped();
}

Client::Client(const Settings& settings, Name name, std::stop_token stop)
    : settings_(settings), name_(std::move(name)), stop_(std::move(stop)), http_(settings, stop_) {}

std::string Client::file_url(const std::string& commit, const std::string& file) const {
    return settings_.endpoint + "/" + name_.model + "/resolve/" + commit + "/" + url_file(file);
}

void Client::refused(const Answer& answer) const {
    const bool gated = answer.header("x-error-code") == "GatedRepo" || answer.status == 403;
    const std::string page = "its page, " + name_.model + " on " + answer.host;
    if (gated) {
        throw Error(name_.model, "access to a gated model",
                    "status " + std::to_string(answer.status),
                    "accept its conditions on " + page + ", and set HF_TOKEN to a token of yours");
    }
    if (settings_.token.empty()) {
        throw Error(name_.model, "a public model", "status 401",
                    "check the name; for a private or gated model set HF_TOKEN");
    }
    throw Error(name_.model, "access with the token of HF_TOKEN or HF_HOME/token", "status 401",
                "check the name, and whether the token is still valid and may read this model");
}

void Client::check(const Answer& answer, const std::string& file) const {
    const int status = answer.status;
    // A HEAD request ends at a redirect to another host; what it asked for is in the headers.
    if (status / 100 == 2 || status == 416 || (status / 100 == 3 && !file.empty())) return;
    const std::string name = file.empty() ? name_.model : name_.model + "/" + file;
    const std::string came = "status " + std::to_string(status) + " from " + answer.host;
    const bool expired = status == 403 && !answer.from_endpoint;  // a signed address of a CDN
    if (is_passing(status) || expired) {
        PassingError problem(name, "an answer",
                             status == 429 ? came + ": too many requests" : came);
        problem.after = answer.retry_after;
        throw problem;
    }
    if (status == 401 || status == 403) refused(answer);
    if (status == 404 || status == 410) {
        if (answer.header("x-error-code") == "RevisionNotFound") {
            throw Error(name_.model, "a branch, tag or commit",
                        "\"" + name_.revision + "\", which it does not have");
        }
        if (file.empty()) {
            throw Error(name_.model, "a model on " + answer.host, "no such model",
                        "check the name: OWNER/NAME");
        }
        throw Error(name, "a file on " + answer.host, "no such file");
    }
    throw Error(name, "an answer", came);
}

Answer Client::send_with_retries(const Request& request, const std::string& file,
                                 const std::function<void()>& before_try) {
    for (int tried = 1;; ++tried) {
        try {
            if (before_try) before_try();
            Answer answer = http_.send(request);
            check(answer, file);
            return answer;
        } catch (const PassingError& problem) {
            if (problem.unreachable && file.empty()) {  // the first question: the network is off
                throw Error(problem.name, problem.expected, problem.actual,
                            "check the network, HF_ENDPOINT and the proxy");
            }
            wait_for_next_try(problem, tried, settings_, stop_);
        }
    }
}

Listing Client::list() {
    const std::string where = "listing of " + name_.model;
    std::string text;
    Request request;
    request.url = settings_.endpoint + "/api/models/" + name_.model + "/revision/" +
                  url_revision(name_.revision);
    request.body = [&](const Answer&, std::string_view bytes) {
        if (text.size() + bytes.size() > longest_listing) {
            throw FileError(where, "at most 64 MB", "more");
        }
        text += bytes;
    };
    send_with_retries(request, "", [&] { text.clear(); });
    const auto all = parse_json(text, where);
    Listing listing;
    const auto broken = [&] {
        return FileError(where, "\"sha\", a commit, and \"siblings\" with \"rfilename\"",
                         "something else", "is HF_ENDPOINT a Hugging Face hub?");
    };
    if (!all.is_object() || !all.contains("sha") || !all["sha"].is_string() ||
        !all.contains("siblings") || !all["siblings"].is_array()) {
        throw broken();
    }
    listing.commit = all["sha"].get<std::string>();
    if (!is_commit(listing.commit)) throw broken();
    for (const auto& sibling : all["siblings"]) {
        if (!sibling.is_object() || !sibling.contains("rfilename") ||
            !sibling["rfilename"].is_string()) {
            throw broken();
        }
        listing.files.push_back(sibling["rfilename"].get<std::string>());
        check_file_name(listing.files.back(), where);
    }
    return listing;
}

RemoteFile Client::describe(const std::string& commit, const std::string& file) {
    Request request;
    request.url = file_url(commit, file);
    request.head = true;
    const Answer answer = send_with_retries(request, file, {});
    const auto either = [&](const char* linked, const char* own) {
        const std::string value = answer.header(linked);
        return value.empty() ? answer.header(own) : value;
    };
    RemoteFile remote{file, bare(either("x-linked-etag", "etag")), -1};
    if (!is_checksum(remote.etag)) {
        throw Error(name_.model + "/" + file, "a checksum as ETag", "none that can be verified",
                    "is HF_ENDPOINT a Hugging Face hub?");
    }
    const bool elsewhere = answer.status / 100 == 3;
    remote.size = number(elsewhere ? answer.header("x-linked-size")
                                   : either("x-linked-size", "content-length"));
    if (remote.size > largest_file) {
        throw FileError(name_.model + "/" + file, "at most 1024 TB",
                        std::to_string(remote.size) + " bytes");
    }
    return remote;
}

Answer Client::fetch(const std::string& commit, const std::string& file, std::int64_t from,
                     const std::function<void(const Answer&, std::string_view)>& body) {
    Request request;
    request.url = file_url(commit, file);
    request.from = from;
    request.body = body;
    Answer answer = http_.send(request);
    check(answer, file);
    return answer;
}

}  // namespace vitrine::hub
