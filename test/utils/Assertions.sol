// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Assertions that revert with what was seen and what was wanted.
abstract contract Assertions {
    error NotTrue(string message);
    error NotEqualUint(uint256 seen, uint256 wanted, string message);
    error NotEqualInt(int256 seen, int256 wanted, string message);
    error NotEqualAddress(address seen, address wanted, string message);
    error NotEqualBytes32(bytes32 seen, bytes32 wanted, string message);
    error NotEqualBytes(bytes seen, bytes wanted, string message);
    error NotEqualString(string seen, string wanted, string message);
    error NotEqualBool(bool seen, bool wanted, string message);
    error NotDifferent(bytes32 seen, string message);
    error NotGreater(uint256 seen, uint256 than, string message);
    error NotAtLeast(uint256 seen, uint256 minimum, string message);
    error NotLess(uint256 seen, uint256 than, string message);
    error NotAtMost(uint256 seen, uint256 maximum, string message);

    function fail(string memory message) internal pure {
        revert NotTrue(message);
    }

    function assertTrue(bool condition) internal pure {
        assertTrue(condition, "condition is false");
    }

    function assertTrue(bool condition, string memory message) internal pure {
        if (!condition) revert NotTrue(message);
    }

    function assertFalse(bool condition) internal pure {
        assertTrue(!condition, "condition is true");
    }

    function assertFalse(bool condition, string memory message) internal pure {
        assertTrue(!condition, message);
    }

    function assertEq(uint256 seen, uint256 wanted) internal pure {
        assertEq(seen, wanted, "");
    }

    function assertEq(uint256 seen, uint256 wanted, string memory message) internal pure {
        if (seen != wanted) revert NotEqualUint(seen, wanted, message);
    }

    function assertEq(int256 seen, int256 wanted) internal pure {
        assertEq(seen, wanted, "");
    }

    function assertEq(int256 seen, int256 wanted, string memory message) internal pure {
        if (seen != wanted) revert NotEqualInt(seen, wanted, message);
    }

    function assertEq(address seen, address wanted) internal pure {
        assertEq(seen, wanted, "");
    }

    function assertEq(address seen, address wanted, string memory message) internal pure {
        if (seen != wanted) revert NotEqualAddress(seen, wanted, message);
    }

    function assertEq(bytes32 seen, bytes32 wanted) internal pure {
        assertEq(seen, wanted, "");
    }

    function assertEq(bytes32 seen, bytes32 wanted, string memory message) internal pure {
        if (seen != wanted) revert NotEqualBytes32(seen, wanted, message);
    }

    function assertEq(bytes memory seen, bytes memory wanted) internal pure {
        assertEq(seen, wanted, "");
    }

    function assertEq(bytes memory seen, bytes memory wanted, string memory message) internal pure {
        if (keccak256(seen) != keccak256(wanted)) revert NotEqualBytes(seen, wanted, message);
    }

    function assertEq(string memory seen, string memory wanted) internal pure {
        assertEq(seen, wanted, "");
    }

    function assertEq(string memory seen, string memory wanted, string memory message) internal pure {
        if (keccak256(bytes(seen)) != keccak256(bytes(wanted))) revert NotEqualString(seen, wanted, message);
    }

    function assertEq(bool seen, bool wanted) internal pure {
        assertEq(seen, wanted, "");
    }

    function assertEq(bool seen, bool wanted, string memory message) internal pure {
        if (seen != wanted) revert NotEqualBool(seen, wanted, message);
    }

    function assertNotEq(uint256 seen, uint256 unwanted) internal pure {
        assertNotEq(bytes32(seen), bytes32(unwanted), "");
    }

    function assertNotEq(uint256 seen, uint256 unwanted, string memory message) internal pure {
        assertNotEq(bytes32(seen), bytes32(unwanted), message);
    }

    function assertNotEq(address seen, address unwanted) internal pure {
        assertNotEq(seen, unwanted, "");
    }

    function assertNotEq(address seen, address unwanted, string memory message) internal pure {
        assertNotEq(bytes32(uint256(uint160(seen))), bytes32(uint256(uint160(unwanted))), message);
    }

    function assertNotEq(bytes32 seen, bytes32 unwanted) internal pure {
        assertNotEq(seen, unwanted, "");
    }

    function assertNotEq(bytes32 seen, bytes32 unwanted, string memory message) internal pure {
        if (seen == unwanted) revert NotDifferent(seen, message);
    }

    function assertGt(uint256 seen, uint256 than) internal pure {
        assertGt(seen, than, "");
    }

    function assertGt(uint256 seen, uint256 than, string memory message) internal pure {
        if (seen <= than) revert NotGreater(seen, than, message);
    }

    function assertGe(uint256 seen, uint256 minimum) internal pure {
        assertGe(seen, minimum, "");
    }

    function assertGe(uint256 seen, uint256 minimum, string memory message) internal pure {
        if (seen < minimum) revert NotAtLeast(seen, minimum, message);
    }

    function assertLt(uint256 seen, uint256 than) internal pure {
        assertLt(seen, than, "");
    }

    function assertLt(uint256 seen, uint256 than, string memory message) internal pure {
        if (seen >= than) revert NotLess(seen, than, message);
    }

    function assertLe(uint256 seen, uint256 maximum) internal pure {
        assertLe(seen, maximum, "");
    }

    function assertLe(uint256 seen, uint256 maximum, string memory message) internal pure {
        if (seen > maximum) revert NotAtMost(seen, maximum, message);
    }
}
