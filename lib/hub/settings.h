// How the hub is reached and where what comes from it is kept.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace vitrine::hub {

/// Waits, or less if a stop is asked for.
void pause(std::chrono::milliseconds time, const std::stop_token& stop);

struct Settings {
    std::string endpoint = "https://huggingface.co";
    std::string token;            // empty: none. Sent to the endpoint alone, never shown.
    std::filesystem::path cache;  // holds models--OWNER--NAME
    bool offline = false;
    int tries = 5;            // in a row that bring nothing new
    int at_once = 4;          // files
    int silent_seconds = 60;  // a connection without a byte for so long counts as cut
    std::function<void(std::chrono::milliseconds, const std::stop_token&)> wait = pause;
};

/// Those of HF_ENDPOINT, HF_TOKEN (or its file in HF_HOME), HF_HOME, HF_HUB_CACHE and
/// HF_HUB_OFFLINE.
/// @throws ArgumentError  for an endpoint that is no http(s) address, a token that can't be one
Settings environment_settings();

}  // namespace vitrine::hub
