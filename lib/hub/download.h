// Downloads a model of the Hugging Face hub into the cache that Hugging Face's programs share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "hub/names.h"
#include "hub/settings.h"

namespace vitrine::hub {

struct Downloaded {
    std::filesystem::path folder;  // the snapshot: config.json, model.safetensors ...
    std::string commit;
    std::int64_t bytes = 0;  // that came, with those of another download at the same time
};

/// Called from several threads, one at a time, with bytes.
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Downloads what is needed of a model and not there yet, several files at once.
///
/// The snapshot gets its config.json, and the branch its commit, when every file is there and
/// verified. What is cut, by the network or by `stop`, goes on where it was the next time. With
/// settings.offline it finds what was downloaded before.
///
/// @throws Error, FileError  naming what can be done
/// @throws Stopped
Downloaded download_model(const Name& name, const Settings& settings, const Progress& progress = {},
                          const std::stop_token& stop = {});

}  // namespace vitrine::hub
