#include "hub/blob.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "hub/checksum.h"

namespace vitrine::hub {

namespace fs = std::filesystem;

namespace {

/// So much makes a try worth it: the count of tries in a row begins anew.
constexpr std::int64_t worth_it = 1 << 20;

std::int64_t size_of(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

bool is_whole(const fs::path& blob, const RemoteFile& file) {
    std::error_code error;
    return fs::is_regular_file(blob, error) && (file.size < 0 || size_of(blob) == file.size);
}

/// "bytes 100-999/1000" -> 100, 1000; -1 for what is not said.
std::pair<std::int64_t, std::int64_t> content_range(const std::string& text) {
    std::pair<std::int64_t, std::int64_t> range{-1, -1};
    const std::size_t slash = text.find('/');
    if (!text.starts_with("bytes ") || slash == std::string::npos) return range;
    std::from_chars(text.data() + 6, text.data() + text.size(), range.first);
    std::from_chars(text.data() + slash + 1, text.data() + text.size(), range.second);
    return range;
}

/// The file that grows.
class Part {
   public:
    Part(const fs::path& path, Came came)
        : path_(path),
          came_(std::move(came)),
          file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)),
          size_(size_of(path)) {
        if (file_ < 0) fail("a file that can be written");
    }
    ~Part() { ::close(file_); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    std::int64_t size() const { return size_; }

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t written = ::write(file_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail("room to write");
            bytes.remove_prefix(static_cast<std::size_t>(written));
            size_ += written;
            came_(written);
        }
    }
    void empty() {
        if (size_ == 0) return;
        if (::ftruncate(file_, 0) != 0) fail("a file that can be shortened");
        came_(-std::exchange(size_, 0));
    }
    void flush() {
        if (::fsync(file_) != 0) fail("a file flushed to the disk");
    }

   private:
    [[noreturn]] void fail(const std::string& what) const {
        throw FileError(path_.string(), what, std::strerror(errno),
                        "what has come is kept: the same command goes on from there");
    }

    fs::path path_;
    Came came_;
    int file_;
    std::int64_t size_;
};

/// Whether bytes can be appended to the part: begins it anew where the server does.
/// @throws FileError  if the server speaks of another size
void begin(const Answer& answer, const RemoteFile& file, Part& part) {
    std::int64_t first = 0;
    std::int64_t total = -1;
    if (answer.status == 206) {
        std::tie(first, total) = content_range(answer.header("content-range"));
    } else if (answer.status == 200) {
        const std::string length = answer.header("content-length");
        std::from_chars(length.data(), length.data() + length.size(), total);
    }
    if (answer.status != 200 && (answer.status != 206 || first != part.size())) {
        part.empty();
        throw PassingError(file.name, "the bytes asked for", "others");
    }
    if (answer.status == 200) part.empty();
    if (file.size >= 0 && total >= 0 && total != file.size) {
        throw FileError(file.name, std::to_string(file.size) + " bytes",
                        std::to_string(total) + " from " + answer.host,
                        "the server is broken: nothing of it was kept");
    }
}

/// One try to get what is missing. @throws PassingError if it is not whole after it
void go_on(Client& client, const std::string& commit, const RemoteFile& file, Part& part) {
    if (file.size < 0 || part.size() > file.size) part.empty();
    if (file.size >= 0 && part.size() == file.size) return;
    bool begun = false;
    const auto take = [&](const Answer& answer, std::string_view bytes) {
        if (!begun) begin(answer, file, part);
        begun = true;
        if (file.size >= 0 && part.size() + static_cast<std::int64_t>(bytes.size()) > file.size) {
            part.empty();
            throw FileError(file.name, std::to_string(file.size) + " bytes", "more");
        }
        part.write(bytes);
    };
    const Answer answer = client.fetch(commit, file.name, part.size(), take);
    if (!begun && answer.status != 200) begin(answer, file, part);
    if (file.size >= 0 && part.size() < file.size) {
        throw PassingError("connection to " + answer.host, "all bytes", "an end before the last");
    }
}

/// Goes on until the part has the size. Returns whether all of it came just now.
bool complete(Client& client, const std::string& commit, const RemoteFile& file, Part& part,
              const Settings& settings, const std::stop_token& stop) {
    bool anew = part.size() == 0;
    for (int tried = 1;; ++tried) {
        const std::int64_t before = part.size();
        try {
            go_on(client, commit, file, part);
            return anew;
        } catch (const PassingError& problem) {
            if (part.size() < before) anew = true;
            if (part.size() - before >= worth_it) tried = 1;
            PassingError named(
                file.name, std::to_string(file.size) + " bytes",
                std::to_string(part.size()) + ", then " + problem.name + ": " + problem.actual);
            named.after = problem.after;
            wait_for_next_try(named, tried, settings, stop);
        }
    }
}

}  // namespace

std::int64_t bytes_here(const Cache& cache, const RemoteFile& file) {
    if (is_whole(cache.blob(file.etag), file)) return size_of(cache.blob(file.etag));
    return size_of(cache.incomplete(file.etag));
}

void fetch_blob(Client& client, const Cache& cache, const std::string& commit,
                const RemoteFile& file, const Settings& settings, const Came& came,
                const std::stop_token& stop) {
    const fs::path blob = cache.blob(file.etag);
    const std::int64_t counted = bytes_here(cache, file);
    if (is_whole(blob, file)) return;
    const BlobLock lock(cache.lock(file.etag), stop);
    came(bytes_here(cache, file) - counted);  // what another one brought in the meantime
    if (is_whole(blob, file)) return;
    Part part(cache.incomplete(file.etag), came);
    for (;;) {
        const bool anew = complete(client, commit, file, part, settings, stop);
        const fs::path path = cache.incomplete(file.etag);
        const bool is_large = file.etag.size() == 64;
        const std::string sum = is_large ? sha256(path, stop) : git_sha1(path, stop);
        if (sum == file.etag) break;
        part.empty();
        // What an earlier command left may have been damaged; what came just now may not.
        if (anew) {
            throw FileError(file.name, (is_large ? "SHA-256 " : "git's SHA-1 ") + file.etag, sum,
                            "it was damaged on the way and nothing of it was kept; try again");
        }
    }
    part.flush();
    std::error_code error;
    fs::rename(cache.incomplete(file.etag), blob, error);
    if (error) throw FileError(blob.string(), "a name to rename to", error.message());
}

}  // namespace vitrine::hub
