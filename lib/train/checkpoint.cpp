#include "train/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "io/atomic_file.h"
#include "io/json.h"
#include "tensor/error.h"

namespace vitrine::train {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_tokenizer = std::size_t{1} << 28U;
const char* const optimizer_file = "optimizer.safetensors";
const char* const progress_file = "progress.json";

std::string folder_name(Index step) {
    char name[32];
    std::snprintf(name, sizeof name, "step-%08td", step);
    return name;
}

/// Makes the names in a folder outlast a power cut.
void flush_folder(const fs::path& folder) {
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
    if (file < 0) return;
    ::fsync(file);
    ::close(file);
}

/// A folder that is removed unless it was renamed.
struct Unfinished {
    fs::path path;
    explicit Unfinished(fs::path at) : path(std::move(at)) {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~Unfinished() {
        std::error_code ignored;
        if (!path.empty()) fs::remove_all(path, ignored);
    }
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
};

}  // namespace

void write_model(const fs::path& folder, const Trainer& trainer, const nlohmann::json& config,
                 const fs::path& tokenizer, DType dtype) {
    nlohmann::json with_dtype = config;
    with_dtype["dtype"] = dtype_name(dtype);
    write_text_file(folder / "config.json", with_dtype.dump(2) + "\n");
    write_text_file(folder / "tokenizer.json", read_file(tokenizer, most_tokenizer));
    trainer.parameters().write(folder / "model.safetensors", dtype);
}

fs::path write_checkpoint(const fs::path& out, const Trainer& trainer, const AdamWState* state,
                          const Progress& progress, const nlohmann::json& config,
                          const fs::path& tokenizer, DType dtype) {
    const fs::path all = out / "checkpoints";
    fs::path target = all / folder_name(progress.step);
    try {
        Unfinished folder(all / ("." + folder_name(progress.step)));
        write_model(folder.path, trainer, config, tokenizer, dtype);
        if (state != nullptr) {
            const auto size = static_cast<Index>(state->mean.size());
            write_safetensors(folder.path / optimizer_file,
                              {{"mean", to_write(std::span<const float>(state->mean), {size})},
                               {"square", to_write(std::span<const float>(state->square), {size})}},
                              {{"step", std::to_string(state->step)}});
        }
        write_text_file(folder.path / progress_file, nlohmann::json{{"step", progress.step},
                                                                    {"tokens", progress.tokens},
                                                                    {"seconds", progress.seconds}}
                                                             .dump() +
                                                         "\n");
        flush_folder(folder.path);
        fs::remove_all(target);
        fs::rename(folder.path, target);
        folder.path.clear();
    } catch (const fs::filesystem_error& error) {
        throw FileError(target.string(), "a folder that can be written", error.code().message(),
                        "earlier checkpoints are as they were");
    }
    flush_folder(all);
    return target;
}

std::vector<Checkpoint> checkpoints(const fs::path& out) {
    std::vector<Checkpoint> list;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(out / "checkpoints", none)) {
        const std::string name = entry.path().filename().string();
        long long step = 0;
        if (std::sscanf(name.c_str(), "step-%lld", &step) != 1 || name != folder_name(step))
            continue;
        list.push_back({step, entry.path(), fs::exists(entry.path() / optimizer_file)});
    }
    std::sort(list.begin(), list.end(),
              [](const Checkpoint& a, const Checkpoint& b) { return a.step < b.step; });
    return list;
}

Progress read_checkpoint(const fs::path& folder, Trainer& trainer, AdamWState& state) {
    const nlohmann::json json = read_json(folder / progress_file);
    Progress progress;
    try {
        progress = {json.at("step"), json.at("tokens"), json.at("seconds")};
    } catch (const nlohmann::json::exception& error) {
        throw FileError((folder / progress_file).string(), "step, tokens and seconds", json.dump());
    }
    trainer.parameters().read(TensorFile::open(folder / "model.safetensors"));
    const TensorFile file = TensorFile::open(folder / optimizer_file);
    state.mean = file.at("mean").floats();
    state.square = file.at("square").floats();
    state.step = progress.step;
    const std::size_t size = trainer.parameters().values().size();
    if (state.mean.size() != size || state.square.size() != size) {
        throw FileError(file.path().string(), std::to_string(size) + " numbers",
                        std::to_string(state.mean.size()));
    }
    return progress;
}

void thin_out(const fs::path& out, const std::function<bool(Index)>& keeps) {
    const std::vector<Checkpoint> list = checkpoints(out);
    auto resumable = std::count_if(list.begin(), list.end(),
                                   [](const Checkpoint& each) { return each.resumes; });
    for (const Checkpoint& each : list) {
        if (each.resumes && resumable-- <= 2) continue;
        if (keeps(each.step)) {
            fs::remove(each.folder / optimizer_file);
        } else {
            // Its name goes first, so that a half-removed one is never taken for a whole one.
            const fs::path hidden = out / "checkpoints" / ("." + folder_name(each.step));
            fs::rename(each.folder, hidden);
            fs::remove_all(hidden);
        }
    }
}

}  // namespace vitrine::train
