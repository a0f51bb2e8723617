#pragma once
#include <xtensor/xmath.hpp>
