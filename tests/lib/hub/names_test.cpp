#include "hub/names.h"

#include <doctest/doctest.h>

#include "tensor/error.h"

using namespace vitrine;

TEST_CASE("hub names: a model, and perhaps a revision") {
    CHECK(hub::parse_name("gpt2").model == "gpt2");
    CHECK(hub::parse_name("gpt2").revision == "main");
    const hub::Name name = hub::parse_name("meta-llama/Llama-3.2-1B@refs/pr/1");
    CHECK(name.model == "meta-llama/Llama-3.2-1B");
    CHECK(name.revision == "refs/pr/1");
    CHECK(name.text() == "meta-llama/Llama-3.2-1B@refs/pr/1");
    CHECK(hub::parse_name("gpt2@main").text() == "gpt2");
}

TEST_CASE("hub names: nothing that is a path, a URL or another line") {
    for (const char* wrong :
         {"",     "/",     "..",    "../x",  "a/..",       "/etc/passwd", "a/b/c",
          "a//b", "a/",    "/b",    ".a/b",  "a/.b",       "a--b/c",      "a b",
          "a\nb", "a/b?c", "a%2fb", "a/b#c", "http://a/b", "a/b.git",     "~/a",
          "a-",   "a.",    "a./b",  "@main"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(hub::parse_name(wrong), ArgumentError);
    }
    for (const char* wrong : {"", "../x", "a/../b", "/a", "a/", "a//b", ".", "-x", "a b", "a\n",
                              "a?b", "a@b", "refs/../../x", "a..b"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(hub::parse_name(std::string("a/b@") + wrong), ArgumentError);
    }
    CHECK_THROWS_AS(hub::parse_name(std::string(97, 'a')), ArgumentError);
}

TEST_CASE("hub names: files stay inside the model's folder") {
    for (const char* good : {"config.json", "1_Pooling/config.json", "a b/..c", "한글.json"}) {
        CAPTURE(good);
        CHECK_NOTHROW(hub::check_file_name(good, "listing"));
    }
    for (const char* wrong : {"", "../config.json", "a/../../b", "..", ".", "/etc/passwd", "a//b",
                              "a/", "a\\b", "a\nb", "./a"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(hub::check_file_name(wrong, "listing"), FileError);
    }
}

TEST_CASE("hub names: in a URL") {
    CHECK(hub::url_file("1 Pooling/config.json") == "1%20Pooling/config.json");
    CHECK(hub::url_file("a?b#c%") == "a%3Fb%23c%25");
    CHECK(hub::url_revision("refs/pr/1") == "refs%2Fpr%2F1");
}
