#include "io/safetensors.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>

#include "io/config.h"
#include "io/json.h"
#include "io/safetensors_header.h"
#include "scratch_folder.h"
#include "tensor/error.h"

using namespace vitrine;
using vitrine::test::ScratchFolder;

namespace {

/// A file with this header and so many bytes of data.
std::string file_of(const std::string& header, std::size_t data) {
    const std::uint64_t length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + std::string(data, '\0');
}

void refuses(const std::string& bytes, const char* part) {
    INFO(bytes.substr(std::min<std::size_t>(8, bytes.size()), 120));
    CHECK_THROWS_WITH_AS(
        read_safetensors_header(std::as_bytes(std::span(bytes.data(), bytes.size())), "f"),
        doctest::Contains(part), FileError);
}

std::string tensor(const std::string& name, const std::string& dtype, const std::string& shape,
                   const std::string& offsets) {
    return "\"" + name + "\":{\"dtype\":" + dtype + ",\"shape\":" + shape +
           ",\"data_offsets\":" + offsets + "}";
}

void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("safetensors: hostile headers are refused with a message that names the place") {
    refuses("", "at least 8 bytes");
    refuses("1234567", "at least 8 bytes");
    refuses(file_of("{}", 0).substr(0, 9), "truncated");
    std::string huge = file_of("{}", 0);
    std::memset(huge.data(), 0xff, 8);
    refuses(huge, "a header of at most 2 bytes");
    refuses(file_of("[]", 0), "expected an object");
    refuses(file_of("{", 0), "expected JSON");
    refuses(file_of("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}", 0),
            "64 nested levels");
    refuses(file_of(std::string(1000000, '['), 0), "64 nested levels");
    const std::string good = tensor("a", "\"F32\"", "[2]", "[0,8]");
    refuses(file_of("{" + good + "," + good + "}", 8), "the key \"a\" twice");
    refuses(file_of("{" + good + "}", 4), "offsets inside the 4 bytes");
    refuses(file_of("{" + good + "}", 12), "bytes that belong to no tensor");
    refuses(file_of("{" + tensor("a", "\"F32\"", "[2]", "[8,0]") + "}", 8), "offsets inside");
    refuses(file_of("{" + tensor("a", "\"F32\"", "[3]", "[0,8]") + "}", 8),
            "12 bytes for [3] of float32");
    refuses(file_of("{" + tensor("a", "\"F31\"", "[2]", "[0,8]") + "}", 8), "got \"F31\"");
    refuses(file_of("{" + tensor("a", "7", "[2]", "[0,8]") + "}", 8), "dtype");
    refuses(file_of("{" + tensor("a", "\"F32\"", "[-2]", "[0,8]") + "}", 8), "whole numbers");
    refuses(file_of("{" + tensor("a", "\"F32\"", "[1.5]", "[0,8]") + "}", 8), "whole numbers");
    refuses(file_of("{" + tensor("a", "\"F32\"", "[99999999999999999999]", "[0,8]") + "}", 8),
            "whole numbers");
    refuses(file_of("{" + tensor("a", "\"F32\"", "[4611686018427387904,4]", "[0,8]") + "}", 8),
            "fits into memory");
    refuses(file_of("{" + tensor("a", "\"F32\"", "2", "[0,8]") + "}", 8), "\"shape\"");
    refuses(file_of("{" + tensor("a", "\"F32\"", "[2]", "[0]") + "}", 8), "data_offsets");
    refuses(file_of("{" + good + "," + tensor("b", "\"F32\"", "[2]", "[4,12]") + "}", 12),
            "overlap");
    refuses(file_of("{" + good + "," + tensor("b", "\"F32\"", "[1]", "[12,16]") + "}", 16), "gap");
    refuses(file_of("{\"a\":5}", 0), "expected an object");
    refuses(file_of("{\"__metadata__\":{\"a\":5}}", 0), "texts");
    refuses(file_of("{\"\xff\":{}}", 0), "expected JSON");
}

TEST_CASE("safetensors: float32, float16 and bfloat16 survive a round trip") {
    const ScratchFolder folder;
    const auto path = folder.path() / "a.safetensors";
    const std::vector<float> values{0.0F, 1.0F, -2.5F, 65504.0F, 6.1e-5F, 3.0F};
    write_safetensors(path,
                      {{"f32", to_write(values, {2, 3})},
                       {"f16", to_write(values, {6}, DType::float16)},
                       {"bf16", to_write(values, {3, 2}, DType::bfloat16)},
                       {"ids", to_write(std::vector<std::int64_t>{-1, 5}, {2})}},
                      {{"format", "pt"}});
    const TensorFile file = TensorFile::open(path);
    CHECK(file.metadata().at("format") == "pt");
    CHECK(file.at("f32").floats() == values);
    CHECK(file.at("f32").shape == std::vector<Index>{2, 3});
    CHECK(file.at("ids").integers() == std::vector<std::int64_t>{-1, 5});
    for (std::size_t i = 0; i < values.size(); ++i) {
        // half the distance to the next number: 2^-11 and 2^-8 of the value, or half a subnormal
        // step
        CHECK(std::abs(file.at("f16").floats()[i] - values[i]) <=
              std::abs(values[i]) / 2048 + 3e-8F);
        CHECK(std::abs(file.at("bf16").floats()[i] - values[i]) <= std::abs(values[i]) / 256);
    }
    CHECK_THROWS_AS(file.at("f32").integers(), FileError);
    CHECK_THROWS_WITH_AS(file.at("f322"), doctest::Contains("the nearest name is \"f32\""),
                         FileError);
}

TEST_CASE("dtype: every float16 pattern reads as its value and writes back as itself") {
    for (std::uint32_t bits = 0; bits < 65536; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const int exponent = (half >> 10) & 31;
        const int mantissa = half & 1023;
        const double sign = half >= 0x8000 ? -1 : 1;
        const float value = float16_to_float(half);
        if (exponent == 31) {
            CHECK((mantissa == 0 ? std::isinf(value) : std::isnan(value)));
            continue;
        }
        const double expected = sign * (exponent == 0 ? std::ldexp(mantissa, -24)
                                                      : std::ldexp(1024 + mantissa, exponent - 25));
        REQUIRE(double(value) == expected);
        REQUIRE(float_to_float16(value) == half);
    }
    CHECK(float_to_float16(65520.0F) == 0x7c00);  // halfway to 65536: to even, infinity
    CHECK(float_to_float16(2049.0F) == 0x6800);   // halfway between 2048 and 2050: to even
    CHECK(float_to_bfloat16(std::bit_cast<float>(0x3f808000U)) == 0x3f80);
    CHECK(float_to_bfloat16(std::bit_cast<float>(0x3f818000U)) == 0x3f82);
}

TEST_CASE("safetensors: shards are one file, and an index can't leave its folder") {
    const ScratchFolder folder;
    write_safetensors(folder.path() / "m-1.safetensors",
                      {{"a", to_write(std::vector<float>{1, 2}, {2})}});
    write_safetensors(folder.path() / "m-2.safetensors",
                      {{"b", to_write(std::vector<float>{3}, {1})}});
    const auto index = folder.path() / "model.safetensors.index.json";
    write(index, R"({"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}})");
    CHECK(TensorFile::open(folder.path()).at("b").floats() == std::vector<float>{3});
    write(index, R"({"weight_map":{"a":"m-1.safetensors","c":"m-2.safetensors"}})");
    CHECK_THROWS_WITH_AS(TensorFile::open(folder.path()), doctest::Contains("tensor \"c\""),
                         FileError);
    write(index, R"({"weight_map":{"a":"m-1.safetensors","b":"m-3.safetensors"}})");
    CHECK_THROWS_WITH_AS(TensorFile::open(folder.path()), doctest::Contains("m-3.safetensors"),
                         FileError);
    for (const char* name : {"../m-1.safetensors", "/etc/passwd", "..", ""}) {
        write(index, std::string(R"({"weight_map":{"a":")") + name + R"("}})");
        CHECK_THROWS_WITH_AS(TensorFile::open(folder.path()),
                             doctest::Contains("in the same folder"), FileError);
    }
    write(index, "[]");
    CHECK_THROWS_AS(TensorFile::open(folder.path()), FileError);
    std::filesystem::remove(index);
    CHECK_THROWS_WITH_AS(TensorFile::open(folder.path()), doctest::Contains("neither"), FileError);
}

TEST_CASE("safetensors: a write that fails leaves the old file as it was") {
    const ScratchFolder folder;
    const auto path = folder.path() / "a.safetensors";
    write_safetensors(path, {{"a", to_write(std::vector<float>{1}, {1})}});
    CHECK_THROWS_AS(write_safetensors(path, {{"a", to_write(std::vector<float>{1, 2}, {3})}}),
                    ArgumentError);
    CHECK(TensorFile::open(path).at("a").floats() == std::vector<float>{1});
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    CHECK_THROWS_WITH_AS(write_safetensors(folder.path() / "no/b.safetensors", {}),
                         doctest::Contains("nothing was changed"), FileError);
    CHECK_THROWS_AS(write_safetensors("/dev/full/x", {}), FileError);
}

TEST_CASE("safetensors: missing, empty and irregular files are refused") {
    const ScratchFolder folder;
    CHECK_THROWS_AS(TensorFile::open(folder.path() / "none.safetensors"), FileError);
    write(folder.path() / "empty.safetensors", "");
    CHECK_THROWS_WITH_AS(TensorFile::open(folder.path() / "empty.safetensors"),
                         doctest::Contains("empty"), FileError);
    CHECK_THROWS_AS(TensorFile::open("/dev/null"), FileError);
}

TEST_CASE("config.json: old and new key names, and errors that name file, key and value") {
    const auto config = ConfigFile::parse(
        R"({"model_type":"gpt2","torch_dtype":"float16","n_embd":48,"rope_parameters":{"rope_theta":5e5},"bos_token_id":null})",
        "c.json");
    CHECK(config.model_type() == "gpt2");
    CHECK(config.dtype() == "float16");
    CHECK(config.integer({"hidden_size", "n_embd"}, 1, 100) == 48);
    CHECK(config.number({"rope_theta", "rope_parameters.rope_theta"}) == 5e5);
    CHECK(config.integer({"bos_token_id"}, -1, 9, -1) == -1);
    CHECK_THROWS_WITH_AS(
        config.integer({"n_embd"}, 1, 40),
        doctest::Contains("c.json, \"n_embd\": expected a whole number from 1 to 40, got 48"),
        FileError);
    CHECK_THROWS_WITH_AS(config.integer({"n_layer", "num_hidden_layers"}, 1, 40),
                         doctest::Contains("\"n_layer\" or \"num_hidden_layers\""), FileError);
    CHECK_THROWS_WITH_AS(config.boolean({"model_type"}), doctest::Contains("true or false"),
                         FileError);
    CHECK_THROWS_AS(ConfigFile::parse("[]", "c.json"), FileError);
}

TEST_CASE("fuzz corpus: every committed input is read or refused") {
    const std::filesystem::path corpus = std::string(VITRINE_SOURCE_DIR) + "/tests/fuzz/corpus";
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(corpus / "safetensors_fuzz")) {
        const std::string bytes = read_file(entry.path(), 1U << 24U);
        try {
            read_safetensors_header(std::as_bytes(std::span(bytes.data(), bytes.size())), "f");
        } catch (const Error&) {
        }
        ++count;
    }
    for (const auto& entry : std::filesystem::directory_iterator(corpus / "config_fuzz")) {
        try {
            ConfigFile::parse(read_file(entry.path(), 1U << 24U), "c").model_type();
        } catch (const Error&) {
        }
        ++count;
    }
    CHECK(count >= 6);
}
