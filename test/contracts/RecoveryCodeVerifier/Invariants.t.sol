// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecoveryCodeVerifier} from "../../../contracts/interfaces/IRecoveryCodeVerifier.sol";
import {RecoveryCodes} from "../support/RecoveryCodes.sol";

/// @notice Three modules redeem the codes of two sets for two accounts, in any order, with good and bad signatures.
/// @dev Keeps a model of what is spent, and says before each call whether it should succeed.
contract CodesHandler is RecoveryCodes {
    uint256 public constant MODULES = 3;
    uint256 public constant ACCOUNTS = 2;
    uint256 public constant SETS = 2;

    IRecoveryCodeVerifier internal immutable VERIFIER;
    CodeSet[SETS] internal sets;
    /// @notice The codes that were redeemed, one bit each, by module, account and set.
    mapping(uint256 module => mapping(uint256 account => mapping(uint256 set => uint256))) public spent;
    /// @notice Calls that succeeded, by module, account and set.
    mapping(uint256 module => mapping(uint256 account => mapping(uint256 set => uint256))) public successes;
    uint256 public calls;

    error WrongOutcome(bytes4 seen, bytes4 wanted);

    constructor(IRecoveryCodeVerifier verifier) {
        VERIFIER = verifier;
        sets[0] = codeSet("seven", 7);
        sets[1] = codeSet("sixteen", 16);
    }

    function redeem(uint256 module, uint256 account, uint256 set, uint256 index, bytes32 hash) external {
        (module, account, set) = (module % MODULES, account % ACCOUNTS, set % SETS);
        index %= sets[set].leaves.length;
        bool isGood = (spent[module][account][set] >> index) & 1 == 0;
        _redeem(module, account, set, hash, signCode(sets[set], index, hash), isGood);
        if (!isGood) return;
        spent[module][account][set] |= 1 << index;
        ++successes[module][account][set];
    }

    /// @dev The signature of a code over something else, or by no code of the set.
    function redeemBadly(uint256 module, uint256 account, uint256 set, uint256 index, bytes32 hash) external {
        (module, account, set) = (module % MODULES, account % ACCOUNTS, set % SETS);
        uint256 other = (set + 1) % SETS;
        bytes memory stranger = signCode(sets[other], index % sets[other].leaves.length, hash);
        _redeem(module, account, set, hash, stranger, false);
        bytes memory elsewhere = signCode(sets[set], index % sets[set].leaves.length, ~hash);
        _redeem(module, account, set, hash, elsewhere, false);
    }

    function moduleAt(uint256 i) public pure returns (address) {
        return address(uint160(0x30d0 + i));
    }

    function accountAt(uint256 i) public pure returns (address) {
        return address(uint160(0xacc0 + i));
    }

    function setAt(uint256 i) external view returns (bytes32 root, uint256 count) {
        return (sets[i].root, sets[i].leaves.length);
    }

    function _redeem(
        uint256 module,
        uint256 account,
        uint256 set,
        bytes32 hash,
        bytes memory signature,
        bool isGood
    ) private {
        ++calls;
        vm.prank(moduleAt(module));
        bytes4 seen = VERIFIER.consume(accountAt(account), keyOf(sets[set]), hash, signature);
        bytes4 wanted = isGood ? bytes4(0x024ad318) : bytes4(0xffffffff);
        if (seen != wanted) revert WrongOutcome(seen, wanted);
    }
}

contract RecoveryCodeVerifierInvariants is RecoveryCodes {
    IRecoveryCodeVerifier internal verifier;
    CodesHandler internal handler;
    address[] private _targets;

    function setUp() public {
        verifier = deployRecoveryCodeVerifier();
        handler = new CodesHandler(verifier);
        _targets.push(address(handler));
    }

    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    function invariant_26_spentBitsAreTheSuccessfulRedemptionsEachOnce() public view {
        for (uint256 module = 0; module < handler.MODULES(); ++module) {
            for (uint256 account = 0; account < handler.ACCOUNTS(); ++account) {
                for (uint256 set = 0; set < handler.SETS(); ++set) _check(module, account, set);
            }
        }
    }

    function _check(uint256 module, uint256 account, uint256 set) private view {
        (bytes32 root, uint256 count) = handler.setAt(set);
        uint256 bits = verifier.spentOf(handler.moduleAt(module), handler.accountAt(account), root);
        assertEq(bits, handler.spent(module, account, set));
        assertEq(bits >> count, 0);
        uint256 popcount;
        for (; bits != 0; bits &= bits - 1) ++popcount;
        assertEq(popcount, handler.successes(module, account, set));
    }
}
