using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>A freshly made sign-in of the demonstration; the pages offer it with one click, on this machine only.</summary>
internal sealed record DemoPerson(
    [property: JsonPropertyName("role")] string Role,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("displayName")] string DisplayName,
    [property: JsonPropertyName("password")] string Password,
    [property: JsonPropertyName("pin")] string? Pin)
{
    /// <summary>Where a clerk works; its page lets him sit down by himself.</summary>
    [JsonPropertyName("station")]
    public string? Station { get; init; }

    [JsonIgnore]
    public string Id { get; init; } = "";

    [JsonIgnore]
    public IReadOnlyList<string> Accounts { get; init; } = ["*"];
}

/// <summary>One person of each role, with passwords and PINs that exist since a moment ago.</summary>
internal static class DemoPeople
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    public static IReadOnlyList<DemoPerson> Fresh() =>
    [
        Make("Administrator", "admin", "系统管理员", false),
        Make("DepotClerk", "zhang.wei", "张伟", true) with { Station = "S1" },
        Make("DepotClerk", "liu.yang", "刘洋", true) with { Station = "S2" },
        Make("StationHead", "wang.fang", "王芳", true),
        Make("Courier", "li.qiang", "李强", true),
        Make("Courier", "zhao.min", "赵敏", true),
        Make("KeyAccountManager", "chen.jing", "陈静", false),
        Make("SalesManager", "sun.lei", "孙磊", false),
        Make("AreaManager", "zhou.tao", "周涛", false),
        Make("AreaSales", "wu.xia", "吴霞", false),
        Make("Finance", "zheng.yan", "郑燕", false),
        Make("CustomerService", "feng.li", "冯丽", false),
        Make("Auditor", "qian.jun", "钱军", false),
        Make("ClientUser", "client.a", "华东电商甲", false) with { Accounts = ["HDDS-A"] },
    ];

    private static DemoPerson Make(string role, string name, string displayName, bool station) =>
        new(role, name, displayName, RandomNumberGenerator.GetString(Letters, 14), station ? RandomNumberGenerator.GetString("0123456789", 6) : null);
}
