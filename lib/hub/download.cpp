#include "hub/download.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "hub/blob.h"
#include "hub/cache.h"
#include "hub/client.h"
#include "hub/files.h"
#include "io/json.h"
#include "io/model_places.h"
#include "tensor/error.h"

namespace vitrine::hub {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t most_bytes = std::int64_t{1} << 60U;

/// Does one thing for each of `count` things, several at once, each thread with its own connection.
/// The first error ends all and is thrown.
void for_each(std::size_t count, const Name& name, const Settings& settings,
              const std::stop_token& stop,
              const std::function<void(Client&, std::size_t, const std::stop_token&)>& work) {
    std::stop_source all;
    const std::stop_callback pass_on(stop, [&all] { all.request_stop(); });
    std::atomic<std::size_t> next = 0;
    std::exception_ptr first;
    std::mutex mutex;
    const auto run = [&] {
        try {
            Client client(settings, name, all.get_token());
            for (std::size_t i = next++; i < count; i = next++) {
                if (all.stop_requested()) throw Stopped();
                work(client, i, all.get_token());
            }
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!first) first = std::current_exception();
            all.request_stop();
        }
    };
    {
        std::vector<std::jthread> threads;
        const std::size_t most = std::min<std::size_t>(count, settings.at_once);
        for (std::size_t i = 0; i < most; ++i) threads.emplace_back(run);
    }
    if (first) std::rethrow_exception(first);
}

Downloaded find_offline(const Name& name, const Settings& settings, const Cache& cache) {
    const std::string commit = cache.commit_of(name.revision);
    const fs::path folder = cache.snapshot(commit);
    if (commit.empty() || !fs::exists(folder / "config.json") || !has_weights(folder)) {
        throw Error(name.text(), "a model in " + settings.cache.string(),
                    "none, and HF_HUB_OFFLINE forbids to download it", "unset HF_HUB_OFFLINE");
    }
    return {folder, commit, 0};
}

/// What is wanted of one version of a model, and the way there.
class Download {
   public:
    Download(const Name& name, const Settings& settings, const Progress& progress,
             const std::stop_token& stop)
        : name_(name),
          settings_(settings),
          progress_(progress),
          stop_(stop),
          cache_(settings.cache, name.model),
          client_(settings, name, stop) {}

    Downloaded run() {
        listing_ = client_.list();
        cache_.make_folders();
        std::vector<std::string> names = needed_files(listing_, name_.model);
        for (const std::string& more : named_by_files(names)) names.push_back(more);
        describe(names);
        need_room();
        report(0);
        for_each(files_.size(), name_, settings_, stop_,
                 [this](Client& client, std::size_t i, const std::stop_token& stop) {
                     fetch(client, files_[i], stop);
                 });
        // config.json comes last: a snapshot that has it is whole.
        std::stable_partition(files_.begin(), files_.end(),
                              [](const RemoteFile& file) { return file.name != "config.json"; });
        for (const RemoteFile& file : files_) cache_.link(listing_.commit, file.name, file.etag);
        cache_.set_ref(name_.revision, listing_.commit);
        return {cache_.snapshot(listing_.commit), listing_.commit, came_};
    }

   private:
    void fetch(Client& client, const RemoteFile& file, const std::stop_token& stop) {
        fetch_blob(
            client, cache_, listing_.commit, file, settings_,
            [this](std::int64_t bytes) { report(bytes); }, stop);
    }

    nlohmann::json fetch_json(const std::string& name) {
        const RemoteFile file = client_.describe(listing_.commit, name);
        fetch_blob(
            client_, cache_, listing_.commit, file, settings_,
            [this](std::int64_t bytes) { came_ += bytes; }, stop_);
        return parse_json(read_file(cache_.blob(file.etag), 64U << 20U), name);
    }

    /// The shards of an index and the modules of a sentence encoder: two files name others.
    std::vector<std::string> named_by_files(const std::vector<std::string>& names) {
        std::vector<std::string> more;
        const auto add = [&](const char* name, const auto& read) {
            if (std::find(names.begin(), names.end(), name) == names.end()) return;
            const auto files = read(fetch_json(name), listing_);
            more.insert(more.end(), files.begin(), files.end());
        };
        add("model.safetensors.index.json", shards);
        add("modules.json", module_files);
        return more;
    }

    void describe(const std::vector<std::string>& names) {
        files_.resize(names.size());
        for_each(names.size(), name_, settings_, stop_,
                 [&](Client& client, std::size_t i, const std::stop_token&) {
                     files_[i] = client.describe(listing_.commit, names[i]);
                 });
        for (const RemoteFile& file : files_) {
            here_ += bytes_here(cache_, file);
            // As if all were infinite rather than beyond what an integer holds.
            total_ = std::min(total_ + std::max<std::int64_t>(file.size, 0), most_bytes);
        }
    }

    void need_room() const {
        std::error_code error;
        const auto space = fs::space(settings_.cache, error);
        const std::int64_t needed = total_ - here_;
        if (error || needed <= 0 || static_cast<std::uintmax_t>(needed) <= space.available) return;
        throw FileError(settings_.cache.string(),
                        std::to_string(needed / 1000000) + " MB of room for " + name_.text(),
                        std::to_string(space.available / 1000000) + " MB",
                        "HF_HOME or HF_HUB_CACHE says where the models go");
    }

    void report(std::int64_t bytes) {
        const std::lock_guard lock(mutex_);
        here_ += bytes;
        came_ += std::max<std::int64_t>(bytes, 0);
        if (progress_) progress_(here_, total_);
    }

    const Name& name_;
    const Settings& settings_;
    const Progress& progress_;
    const std::stop_token& stop_;
    Cache cache_;
    Client client_;
    Listing listing_;
    std::vector<RemoteFile> files_;
    std::int64_t here_ = 0, total_ = 0, came_ = 0;
    std::mutex mutex_;
};

}  // namespace

Downloaded download_model(const Name& name, const Settings& settings, const Progress& progress,
                          const std::stop_token& stop) {
    if (settings.offline) {
        return find_offline(name, settings, Cache(settings.cache, name.model));
    }
    return Download(name, settings, progress, stop).run();
}

}  // namespace vitrine::hub
