// vitrine evaluate, as a user runs it.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/run_program.h"
#include "scratch_folder.h"

using namespace vitrine::test;
using nlohmann::json;

TEST_CASE("evaluate: bits a byte are the loss of all tokens over the bytes of the text") {
    const ScratchFolder folder;
    const std::string first = "Once upon a time there was a king.", second = "그는 집으로 갔다.";
    const std::string text = folder.write("a.txt", first + "\n" + second + "\n");
    const Finished done = run_vitrine({"evaluate", "--data", text, "--unit", "line", "--json"});
    CAPTURE(done.error);
    REQUIRE(done.status == 0);
    const json got = json::parse(done.out)["texts"];
    CHECK(got["documents"] == 2);
    CHECK(got["bytes"] == first.size() + second.size());
    const double loss = got["loss"], tokens = got["tokens"];
    CHECK(got["perplexity"].get<double>() == doctest::Approx(std::exp(loss)));
    CHECK(got["bits_per_byte"].get<double>() ==
          doctest::Approx(loss * tokens / std::numbers::ln2 /
                          static_cast<double>(first.size() + second.size())));
    // The same line twice is as likely both times: documents do not see one another.
    const std::string twice = folder.write("b.txt", first + "\n" + first + "\n");
    const std::string once = folder.write("c.txt", first);
    const auto bits = [&](const std::string& file) {
        const Finished one = run_vitrine({"evaluate", "--data", file, "--unit", "line", "--json"});
        return json::parse(one.out)["texts"]["bits_per_byte"].get<double>();
    };
    CHECK(bits(twice) == doctest::Approx(bits(once)));
}

TEST_CASE("evaluate: what it can't measure is said") {
    const ScratchFolder folder;
    const Finished none = run_vitrine({"evaluate"});
    CHECK(none.status == 2);
    CHECK(none.error.find("--data or --copying") != std::string::npos);
    const Finished empty = run_vitrine({"evaluate", "--data", folder.write("a.txt", "")});
    CHECK(empty.status == 1);
    CHECK(empty.error.find("--data") != std::string::npos);
    const Finished invalid = run_vitrine({"evaluate", "--data", folder.write("b.txt", "a\xff b")});
    CHECK(invalid.status == 1);
    CHECK(invalid.error.find("UTF-8") != std::string::npos);
    const Finished wide = run_vitrine({"evaluate", "--copying", "5000"});
    CHECK(wide.status == 1);
    CHECK(wide.error.find("span") != std::string::npos);
}
