#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/run_program.h"
#include "golden.h"
#include "scratch_folder.h"

using namespace vitrine::test;
using nlohmann::json;
namespace fs = std::filesystem;

TEST_CASE("vitrine models list: the bundled model, and what the hub's cache holds") {
    const ScratchFolder scratch;
    const auto cached = [&](const std::string& name, const std::string& from) {
        const std::string folder = scratch / ("hub/models--" + name);
        fs::create_directories(folder + "/refs");
        fs::create_directories(folder + "/snapshots/abc");
        std::ofstream(folder + "/refs/main") << "abc";
        for (const auto& entry : fs::directory_iterator(from)) {
            fs::copy(entry.path(), folder + "/snapshots/abc");
        }
    };
    cached("someone--tiny", fixture("models/gpt2"));
    fs::create_directories(scratch / "broken");
    std::ofstream(scratch / "broken/config.json") << R"({"model_type": "abacus"})";
    cached("someone--else", scratch / "broken");

    const Finished run = run_vitrine({"models", "list", "--json"}, "", {"HF_HOME=" + scratch / ""});
    REQUIRE_MESSAGE(run.status == 0, run.error);
    const json all = json::parse(run.out);
    REQUIRE(all.size() == 4);
    CHECK(all[0]["name"] == "stories260k");
    CHECK(all[0]["family"] == "llama");
    CHECK(all[1]["name"] == "vitrine-small");
    CHECK(all[1]["kind"] == "bundled");
    CHECK(all[2]["name"] == "someone/else");
    CHECK(all[2]["problem"].get<std::string>().find("abacus") != std::string::npos);
    CHECK(all[3]["name"] == "someone/tiny");
    CHECK(all[3]["width"] == 48);
    const Finished table = run_vitrine({"models", "list"}, "", {"HF_HOME=" + scratch / ""});
    CHECK(table.status == 0);
    CHECK(table.out.find("vitrine-small") != std::string::npos);
    CHECK(table.out.find("6377k parameters, float16") != std::string::npos);
}

// The numbers are those of the model card.
TEST_CASE("vitrine models info: sizes by name and by folder") {
    const std::string folder = std::string(VITRINE_SOURCE_DIR) + "/assets/models/vitrine-small";
    for (const std::string& name : {std::string("vitrine-small"), folder, folder + "/"}) {
        const Finished run = run_vitrine({"models", "info", name, "--json"});
        REQUIRE_MESSAGE(run.status == 0, run.error);
        const json info = json::parse(run.out);
        CHECK(info["name"] == "vitrine-small");
        CHECK(info["parameters"] == 6377472);
        CHECK(info["layers"] == 6);
        CHECK(info["heads"] == 8);
        CHECK(info["head_width"] == 32);
        CHECK(info["vocabulary"] == 6144);
        CHECK(info["dtype"] == "float16");
    }
    CHECK(run_vitrine({"models", "info", "vitrine-small"}).out.find("6377472") !=
          std::string::npos);
}

TEST_CASE("vitrine models: an unknown model and bad usage are one line each") {
    const auto fails = [](const std::vector<std::string>& arguments, int status, const char* part) {
        const Finished run = run_vitrine(arguments);
        INFO(run.error);
        CHECK(run.status == status);
        CHECK(run.error.find(part) != std::string::npos);
        CHECK(std::count(run.error.begin(), run.error.end(), '\n') == 1);
    };
    fails({"models", "info", "no-such-model"}, 1, "`vitrine models get no-such-model`");
    fails({"models", "info"}, 2, "model");
    fails({"models"}, 2, "subcommand");
}
