namespace KeyAccountLogistics.ServiceLevels.Proving;

/// <summary>What an extract says of itself to whoever opens it.</summary>
internal static class ProofWords
{
    internal const string ReadMe = """
        SERVICE LEVEL EXTRACT / 服务水平日志摘录

        kal prove check FILE.zip computes the score of the period from the events in this file, with the functions that the backend uses, without database and network.
        kal prove check FILE.zip 仅凭本文件中的事件、以与服务端相同的函数重新计算本期得分，不需要数据库和网络。

        head.json       account and period / 客户与期间
        terms.json      what the figures read of the contract / 计算所用的合同条款
        contracts/      the signed contract versions / 已签署的合同版本
        subjects.jsonl  one parcel, pickup order or fact of service a line: registration, and its events with hashes / 每行一件快件、揽收单或服务记录：登记信息、事件及其哈希
        result.json     the scorecard as the backend answered it / 服务端给出的评分
        manifest.json   SHA-256 of each file, number of subjects and events / 各文件的 SHA-256、件数与事件数

        What can be verified: that each event's hash is that of its content, times and predecessor; that events which follow each other in a chain are linked; that the terms are those of the signed document; that the
        figures follow from the events. What cannot: the journal's other events belong to other accounts or periods, and only the hash before each of yours is here. An event that was left out on purpose, with hashes and
        manifest made anew, looks like another account's event. Against that: compare with your own list of parcels, and keep extracts: an event's hash, once given to you, never changes.
        Registrations (acceptance, promise, lane) are no events: compare them with what you announced.
        可验证：每个事件的哈希与其内容、时间和前一哈希相符；链上相邻事件首尾相接；条款与已签署合同一致；数字由事件得出。不可验证：日志中的其他事件属于其他客户或期间，此处仅有您每个事件之前的哈希；
        若有人故意略去事件并重做哈希与清单，其空缺与其他客户的事件无从区分。请与贵方自己的快件清单核对，并保存历次摘录：事件的哈希一经给出，永不改变。
        登记信息（收寄、承诺、线路）不是事件，请与贵方的下单数据核对。

        """;
}
