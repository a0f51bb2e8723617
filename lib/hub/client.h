// What the hub's servers say about a model and its files: with another try where that may help, and
// with errors that say what to do.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "hub/http.h"
#include "hub/names.h"
#include "hub/settings.h"

namespace vitrine::hub {

/// A version of a model: its commit and the names of its files.
struct Listing {
    std::string commit;
    std::vector<std::string> files;

    bool has(const std::string& file) const;
};

/// A file before it is downloaded.
struct RemoteFile {
    std::string name;
    std::string etag;        // SHA-256 of a large file, git's SHA-1 of a small one; names its blob
    std::int64_t size = -1;  // in bytes; -1: not said
};

/// Waits before the next try: as long as the server asks, or 1, 2, 4 ... seconds.
/// @param tried  number of tries so far that brought nothing
/// @throws Error  after settings.tries of them, or if the server asks for more than 5 minutes
void wait_for_next_try(const PassingError& problem, int tried, const Settings& settings,
                       const std::stop_token& stop);

class Client {
   public:
    /// @param settings  must outlive the client
    Client(const Settings& settings, Name name, std::stop_token stop);

    /// The commit and the files of the revision.
    /// @throws Error  there is no such model or revision, it is gated, the server can't be reached,
    ///                a file's name leads out of the folder
    Listing list();

    /// Checksum and size. @throws Error
    RemoteFile describe(const std::string& commit, const std::string& file);

    /// One try to get a file's bytes from the `from`-th on.
    /// @return  the answer with status 200 (from the beginning after all), 206 or 416
    /// @throws  as Http::send, and Error for other answers
    Answer fetch(const std::string& commit, const std::string& file, std::int64_t from,
                 const std::function<void(const Answer&, std::string_view)>& body);

   private:
    std::string file_url(const std::string& commit, const std::string& file) const;
    /// @param file  empty: the question is about the model
    void check(const Answer& answer, const std::string& file) const;
    [[noreturn]] void refused(const Answer& answer) const;
    Answer send_with_retries(const Request& request, const std::string& file,
                             const std::function<void()>& before_try);

    const Settings& settings_;
    Name name_;
    std::stop_token stop_;
    Http http_;
};

}  // namespace vitrine::hub
