// One HTTP connection, by libcurl: it follows redirects, gives the token to the hub alone and can
// be stopped at any time. One thread at a time uses it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "hub/settings.h"
#include "tensor/error.h"

namespace vitrine::hub {

/// A failure that another try may mend: a cut connection, a server that is busy.
class PassingError : public Error {
   public:
    using Error::Error;
    bool unreachable = false;                   // no connection came about at all
    std::optional<std::chrono::seconds> after;  // how long the server asks to wait
};

struct Answer {
    int status = 0;
    std::string host;           // that gave it, with its port if that is unusual
    bool from_endpoint = true;  // and not from where a redirect led
    /// Names in lower case. With those of redirects on the way, where the last answer lacks them.
    std::map<std::string, std::string> headers;
    std::optional<std::chrono::seconds> retry_after;

    std::string header(const std::string& name) const;
};

struct Request {
    std::string url;
    bool head = false;      // headers only; a redirect to another host is not followed
    std::int64_t from = 0;  // the first byte wanted
    /// Takes the bytes of an answer with status 2xx as they come.
    std::function<void(const Answer&, std::string_view)> body;
};

class Http {
   public:
    Http(const Settings& settings, std::stop_token stop);

    /// @throws PassingError  if the connection fails or is cut
    /// @throws Stopped       if a stop is asked for
    /// @throws Error         what another try would not mend; and what request.body throws
    Answer send(const Request& request);

   private:
    struct Exchange;
    struct Cleanup {
        void operator()(void* curl) const;
    };

    Exchange exchange(const std::string& url, const Request& request);

    const Settings& settings_;
    std::stop_token stop_;
    std::unique_ptr<void, Cleanup> curl_;
};

}  // namespace vitrine::hub
