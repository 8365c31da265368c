using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Unit.Kernel;

/// <summary>Golden cases of domain.md 4.4 (GB/T 41833-2022) first.</summary>
public sealed class MaskingTests
{
    [Theory]
    [InlineData("张三", "张*")]
    [InlineData("欧阳某某", "欧***")]
    [InlineData("李", "*")]
    [InlineData(" 王小明 ", "王**")]
    [InlineData("𠮷野", "𠮷*")]
    [InlineData("Ana", "A**")]
    [InlineData("", "")]
    public void A_name_keeps_its_first_character(string name, string masked) => Masking.Name(name).ShouldBe(masked);

    [Theory]
    [InlineData("13812345678", "138******78")]
    [InlineData("138 1234 5678", "138 **** **78")]
    [InlineData("+86 138-1234-5678", "+86 138-****-**78")]
    [InlineData("0571-88888888", "0571-******88")]
    [InlineData("88888888", "******88")]
    [InlineData("8888888", "******8")]
    [InlineData("110", "***")]
    [InlineData("", "")]
    public void A_phone_number_hides_six_digits_at_least(string phone, string masked) => Masking.Phone(phone).ShouldBe(masked);

    [Fact]
    public void However_long_a_number_six_digits_are_hidden_and_at_most_seven_shown() => Seeded.Holds(Seeded.Ints(6, 40), length =>
    {
        var masked = Masking.Phone(new string('7', length));
        return masked.Length == length && masked.Count(c => c == '*') >= 6 && masked.Count(c => c == '7') <= 7;
    }, tests: 100);

    [Theory]
    [InlineData("文三路90号3幢2单元501室", "文三路90号3幢***")]
    [InlineData("浙江省杭州市西湖区文三路90号", "浙江省杭州市西湖区文三路90号")]
    [InlineData("世纪大道100号环球金融中心18楼1801室", "世纪大道100号环球金融中心***")]
    [InlineData("科技园5栋301", "科技园5栋***")]
    [InlineData("幸福里小区甲单元3门402", "幸福里小区***")]
    [InlineData("建国路88号SOHO现代城A座1203室", "建国路88号SOHO现代城A座***")]
    [InlineData("三里屯路19号院5号楼6层", "三里屯路19号院5号楼***")]
    [InlineData("Rua Augusta 1500, apto 42", "Rua Augusta 1500***")]
    [InlineData("221B Baker Street, Flat 2, Room 7", "221B Baker Street, Flat 2***")]
    [InlineData("", "")]
    public void An_address_hides_unit_and_room(string address, string masked) => Masking.Address(address).ShouldBe(masked);

    [Fact]
    public void Where_nothing_is_recognised_half_is_hidden() => Masking.Address("某个地方").ShouldBe("某个***");

    [Fact]
    public void A_text_too_long_to_be_an_address_is_hidden_whole() => Masking.Address(new string('1', 501)).ShouldBe("***");
}
