#include "hub/settings.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <map>

#include "io/hub_environment.h"
#include "scratch_folder.h"
#include "tensor/error.h"

using namespace vitrine;
using vitrine::test::ScratchFolder;

namespace {

/// Variables of the hub, all unset but these; as they were afterwards.
class Environment {
   public:
    explicit Environment(const std::map<std::string, std::string>& values) {
        for (const char* name :
             {"HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN",
              "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE",
              "XDG_CACHE_HOME", "HOME"}) {
            const char* value = ::getenv(name);
            if (value != nullptr) before_[name] = value;
            const auto wanted = values.find(name);
            if (wanted != values.end()) ::setenv(name, wanted->second.c_str(), 1);
            if (wanted == values.end()) ::unsetenv(name);
            names_.emplace_back(name);
        }
    }
    ~Environment() {
        for (const std::string& name : names_) {
            const auto before = before_.find(name);
            if (before != before_.end()) ::setenv(name.c_str(), before->second.c_str(), 1);
            if (before == before_.end()) ::unsetenv(name.c_str());
        }
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

   private:
    std::map<std::string, std::string> before_;
    std::vector<std::string> names_;
};

std::string cache(const std::map<std::string, std::string>& values) {
    const Environment environment(values);
    return hub::environment_settings().cache.string();
}

}  // namespace

// The order of huggingface_hub's documentation, "Environment variables".
TEST_CASE("hub settings: where the cache is") {
    CHECK(cache({{"HOME", "/h"}}) == "/h/.cache/huggingface/hub");
    CHECK(cache({{"HOME", "/h"}, {"XDG_CACHE_HOME", "/x"}}) == "/x/huggingface/hub");
    CHECK(cache({{"HF_HOME", "/f"}, {"XDG_CACHE_HOME", "/x"}}) == "/f/hub");
    CHECK(cache({{"HOME", "/h"}, {"HF_HOME", "~/f"}}) == "/h/f/hub");
    CHECK(cache({{"HF_HOME", "/f"}, {"HF_HUB_CACHE", "/c"}}) == "/c");
    CHECK(cache({{"HUGGINGFACE_HUB_CACHE", "/o"}, {"HF_HOME", "/f"}}) == "/o");
}

TEST_CASE("hub settings: the token of the environment, else of its file") {
    const ScratchFolder scratch;
    scratch.write("token", "hf_file\n");
    const std::string home = scratch / "";
    const auto token = [](const std::map<std::string, std::string>& values) {
        const Environment environment(values);
        return hub::environment_settings().token;
    };
    CHECK(token({{"HF_HOME", "/nowhere"}}).empty());
    CHECK(token({{"HF_HOME", home}}) == "hf_file");
    CHECK(token({{"HF_HOME", "/nowhere"}, {"HF_TOKEN_PATH", scratch / "token"}}) == "hf_file");
    CHECK(token({{"HF_HOME", home}, {"HF_TOKEN", " hf_own "}}) == "hf_own");
    try {
        token({{"HF_TOKEN", "hf_secret\r\nX-Other: 1"}});
        FAIL("a token that would be two headers");
    } catch (const ArgumentError& error) {
        CHECK(std::string(error.what()).find("hf_secret") == std::string::npos);
    }
}

TEST_CASE("hub settings: endpoint and offline") {
    const auto endpoint = [](const std::string& value) {
        const std::map<std::string, std::string> values = {{"HF_ENDPOINT", value}};
        const Environment environment(values);
        return hub::environment_settings().endpoint;
    };
    CHECK(endpoint("") == "https://huggingface.co");
    CHECK(endpoint("http://mirror:8080/") == "http://mirror:8080");
    CHECK_THROWS_AS(endpoint("mirror"), ArgumentError);
    CHECK_THROWS_AS(endpoint("file:///etc"), ArgumentError);
    const auto offline = [](const std::string& name, const std::string& value) {
        const std::map<std::string, std::string> values = {{name, value}};
        const Environment environment(values);
        return hub_offline();
    };
    for (const char* yes : {"1", "on", "Yes", "TRUE"}) CHECK(offline("HF_HUB_OFFLINE", yes));
    for (const char* no : {"", "0", "off", "no", "false"}) CHECK(!offline("HF_HUB_OFFLINE", no));
    CHECK(offline("TRANSFORMERS_OFFLINE", "1"));
}
