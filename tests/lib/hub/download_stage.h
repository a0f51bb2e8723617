// A hub with one model, an empty cache, and no real waiting.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>

#include "hub/download.h"
#include "hub_server.h"
#include "io/json.h"
#include "scratch_folder.h"
#include "tensor/error.h"

namespace vitrine::test {

/// Bytes that are not the same twice in a row.
inline std::string some_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    unsigned state = 1;
    for (char& byte : bytes)
        byte = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
    return bytes;
}

struct DownloadStage {
    ScratchFolder scratch;
    HubServer server;
    hub::Settings settings;
    std::mutex mutex;
    std::vector<std::chrono::milliseconds> waits;  // that would have been

    DownloadStage() {
        server.files = {{"config.json", R"({"model_type": "gpt2"})"},
                        {"tokenizer.json", "{}"},
                        {"README.md", "read me"},
                        {"pytorch_model.bin", "old weights"},
                        {"model.safetensors", some_bytes(300000)}};
        settings.endpoint = server.endpoint();
        settings.cache = scratch.path() / "hub";
        settings.wait = [this](std::chrono::milliseconds time, const std::stop_token&) {
            const std::lock_guard lock(mutex);
            waits.push_back(time);
        };
    }

    hub::Downloaded get(const std::string& name = "someone/tiny",
                        const hub::Progress& progress = {}, const std::stop_token& stop = {}) {
        return hub::download_model(hub::parse_name(name), settings, progress, stop);
    }
    /// What went wrong, in one line; empty: nothing.
    std::string problem(const std::string& name = "someone/tiny") {
        try {
            get(name);
        } catch (const Error& error) {
            CHECK(std::string(error.what()).find('\n') == std::string::npos);
            return error.what();
        }
        return "";
    }

    std::filesystem::path model() const { return settings.cache / "models--someone--tiny"; }
    std::filesystem::path blob(const std::string& file) const {
        return model() / "blobs" / server.etag(file);
    }
    std::filesystem::path incomplete(const std::string& file) const {
        return blob(file).string() + ".incomplete";
    }
    std::string snapshot_file(const std::string& file) const {
        return read_file(model() / "snapshots" / server.commit / file, 1U << 30U);
    }
    /// Nothing that another program would take for a model.
    bool nothing_is_taken_for_whole() const {
        return !std::filesystem::exists(model() / "refs") &&
               !std::filesystem::exists(model() / "snapshots");
    }
};

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace vitrine::test
